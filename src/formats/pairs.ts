import { isBlank, isLetter, isWord, trimmed } from './chars.ts';
import type { FieldSet } from './field-set.ts';
import type { Problems } from './problems.ts';

const LONGEST_KEY = 128;

/**
 * `key='value' key="value" key=value`, as templates of people write it: nothing is escaped. A bare value goes on to the next
 * word that `=` follows, a quoted one to its quote. Backslashes are themselves: such values are paths of Windows. Returns what
 * stands before the first key and behind closing quotes.
 */
export function readPairs(text: string, at: number, set: FieldSet, problems: Problems): string {
  const loose: string[] = [];
  let from = at;
  let key: string | undefined;
  const close = (end: number): boolean => {
    const written = trimmed(text, from, end);
    if (key !== undefined) return set.add(key, written);
    if (written !== '') loose.push(written);
    return true;
  };
  for (let equals = text.indexOf('=', at); equals !== -1; equals = text.indexOf('=', equals + 1)) {
    const start = pairStart(text, { from, equals, isFree: key === undefined });
    if (start === -1) continue;
    if (!close(start)) break;
    key = text.slice(start, equals);
    from = equals + 1;
    const quoted = readQuoted(text, from, problems);
    if (quoted === undefined) continue;
    if (!set.add(key, quoted.value)) break;
    key = undefined;
    from = quoted.end;
    equals = quoted.end - 1;
  }
  close(text.length);
  if (loose.length > 0) problems.add('stray-text');
  return loose.join(' ');
}

/** Whether a line of pairs begins here. */
export function startsPair(text: string, at: number): boolean {
  let end = at;
  while (end < at + LONGEST_KEY && isKeyChar(text.charCodeAt(end))) end++;
  return text[end] === '=' && isLetter(text.charCodeAt(at));
}

/** A value between quotes, from its opening quote; undefined where there is none. */
export function readQuoted(
  text: string,
  at: number,
  problems: Problems,
): { readonly value: string; readonly end: number } | undefined {
  const quote = text[at];
  if (quote !== "'" && quote !== '"') return undefined;
  for (let index = text.indexOf(quote, at + 1); index !== -1; index = text.indexOf(quote, index + 1)) {
    // An apostrophe is no quote: `user='O'Brien'`. It ends the value before the end, or a blank and another key.
    if (quote === '"' || isEnd(text, index + 1)) return { value: text.slice(at + 1, index), end: index + 1 };
    problems.addOnce('stray-quote');
  }
  problems.addOnce('unterminated');
  return { value: text.slice(at + 1), end: text.length };
}

function isEnd(text: string, at: number): boolean {
  if (at === text.length) return true;
  if (!isBlank(text.charCodeAt(at))) return false;
  let end = at;
  while (end < at + LONGEST_KEY && isBlank(text.charCodeAt(end))) end++;
  const begin = end;
  while (end < begin + LONGEST_KEY && isKeyChar(text.charCodeAt(end))) end++;
  return end === text.length || (end > begin && text[end] === '=');
}

/** Where the key before `equals` begins: behind a blank, or where nothing is being read; −1 if there is none. */
function pairStart(
  text: string,
  { from, equals, isFree }: { readonly from: number; readonly equals: number; readonly isFree: boolean },
): number {
  let start = equals;
  while (start > from && start > equals - LONGEST_KEY && isKeyChar(text.charCodeAt(start - 1))) start--;
  if (start === equals || !isLetter(text.charCodeAt(start))) return -1;
  return start === from ? (isFree ? start : -1) : isBlank(text.charCodeAt(start - 1)) ? start : -1;
}

const DASH = 45;
const DOT = 46;

function isKeyChar(code: number): boolean {
  return isWord(code) || code === DASH || code === DOT;
}
