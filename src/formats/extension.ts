import { isBlank, isLetter, isWord, trimmed } from './chars.ts';
import { FieldSet } from './field-set.ts';
import { gluedKeyStart, QueryWords } from './glued-key.ts';
import { cleanMail, MAILTO } from './mailto.ts';
import type { Problems } from './problems.ts';
import type { Escapes } from './unescape.ts';
import { unescapeValue } from './unescape.ts';

const DOT = 46;

export interface Extension {
  readonly set: FieldSet;
  /** What stands before the first key. */
  readonly text: string;
}

/**
 * `key=value key=value`, where values hold blanks, and `=` too since not all senders escape it. So a key is a word that
 * stands behind a blank and directly before `=`; everything up to the next one is the value. A key that a sender glued to the
 * value before it is known by its name only.
 */
export function readExtension(text: string, at: number, escapes: Escapes, problems: Problems): Extension {
  const set = new FieldSet(problems);
  const queries = new QueryWords(text, at);
  let stray = '';
  let key: string | undefined;
  // Where the value, or what stands before the first key, begins.
  let from = at;
  // A key does not reach back over the last `=`, so that no letter is looked at twice.
  let floor = at;
  const close = (end: number): boolean => {
    const written = trimmed(text, from, end);
    if (key !== undefined) return set.add(key, readValue(key, written, escapes, problems));
    stray = written;
    return true;
  };
  for (let equals = text.indexOf('=', at); equals !== -1; equals = text.indexOf('=', equals + 1)) {
    const parted = keyStart(text, { at, floor, equals });
    const start = parted ?? gluedKeyStart(text, floor, equals, queries);
    floor = equals + 1;
    if (start === undefined) continue;
    const end = parted === undefined ? start : withoutMailto(text, at, start);
    if (parted === undefined) problems.add('missing-space', text.slice(start, equals));
    else if (end < start) problems.add('mailto', text.slice(start, equals));
    if (!close(end)) return { set, text: stray };
    key = text.slice(start, equals);
    from = equals + 1;
  }
  close(text.length);
  if (stray !== '') problems.add('stray-text');
  return { set, text: stray };
}

/** A word directly before `=` with the beginning, a blank or a stray `mailto:` before it. */
function keyStart(
  text: string,
  { at, floor, equals }: { readonly at: number; readonly floor: number; readonly equals: number },
): number | undefined {
  let start = equals;
  while (start > floor && isKeyChar(text.charCodeAt(start - 1))) start--;
  if (start === equals || !isLetter(text.charCodeAt(start))) return undefined;
  if (start === at || (start > floor && isBlank(text.charCodeAt(start - 1)))) return start;
  return withoutMailto(text, floor, start) < start ? start : undefined;
}

/** The specification has letters and digits; vendors have `_` and `.` too. */
function isKeyChar(code: number): boolean {
  return isWord(code) || code === DOT;
}

/** Where the `mailto:` before a key begins, if there is one behind a blank, or else the key. */
function withoutMailto(text: string, at: number, start: number): number {
  const begin = start - MAILTO.length;
  const isThere = begin >= at && text.startsWith(MAILTO, begin);
  return isThere && (begin === 0 || !isWord(text.charCodeAt(begin - 1))) ? begin : start;
}

function readValue(key: string, written: string, escapes: Escapes, problems: Problems): string {
  const { value, isLone } = unescapeValue(written, escapes);
  if (isLone) problems.add('lone-backslash', key);
  return cleanMail(key, value, problems);
}
