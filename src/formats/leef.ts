import { readBars } from './bars.ts';
import { isWord } from './chars.ts';
import { CEF_ESCAPES } from './cef.ts';
import { readExtension } from './extension.ts';
import { FieldSet } from './field-set.ts';
import type { Body, LeefLine } from './line.ts';
import { cleanMail } from './mailto.ts';
import type { Problems } from './problems.ts';
import type { Escapes } from './unescape.ts';
import { unescapeValue } from './unescape.ts';

/** LEEF itself has no escapes; Carbon Black's forwarder writes those of CEF and `\t`. */
const LEEF_ESCAPES: Escapes = new Map([...CEF_ESCAPES, ['t', '\t']]);

/** How rsyslog writes a tab unless it is told not to. */
const ESCAPED_TAB = '#011';

/** From `LEEF:` on, up to the end of the line. */
export function readLeef(text: string, at: number, problems: Problems): Body<LeefLine> {
  const { parts, end } = readBars(text, at + 'LEEF:'.length, 5);
  const [version = '', vendor = '', name = '', productVersion = '', event = ''] = parts;
  if (parts.length < 5) problems.add('header-short');
  const attributes = readDelimiter(text, end, version, problems);
  const { set, stray } = readAttributes(text, attributes, problems);
  return {
    format: 'leef',
    version: version.trim(),
    product: { vendor, name, version: productVersion },
    event,
    fields: set.fields,
    repeated: set.repeated,
    text: stray,
  };
}

interface Delimited {
  readonly delimiter: string;
  /** Where the attributes begin. */
  readonly at: number;
}

/** LEEF 2.0 has one more field: one character, its number as `0x09` or `x09`, or nothing for a tab. */
function readDelimiter(text: string, at: number, version: string, problems: Problems): Delimited {
  if (!version.trim().startsWith('2')) return { delimiter: '\t', at };
  // `0x` and four digits are the longest.
  const bar = text.slice(at, at + 7).indexOf('|');
  const written = text.slice(at, at + Math.max(bar, 0));
  const hasField = bar !== -1 && !(written.length > 1 && written.includes('='));
  const delimiter = hasField ? delimiterOf(written) : undefined;
  if (delimiter === undefined) problems.add('no-delimiter-field');
  return { delimiter: delimiter ?? '\t', at: hasField ? at + bar + 1 : at };
}

function delimiterOf(written: string): string | undefined {
  if (written === '' || written === '\\t') return '\t';
  if (written.length === 1) return written;
  const digits = /^0?[xX]([0-9a-fA-F]{1,4})$/.exec(written)?.[1];
  const delimiter = digits === undefined ? undefined : String.fromCharCode(Number.parseInt(digits, 16));
  // Half a character would cut others in two.
  return delimiter?.isWellFormed() ? delimiter : undefined;
}

function readAttributes(
  text: string,
  { delimiter, at }: Delimited,
  problems: Problems,
): { set: FieldSet; stray: string } {
  if (delimiter !== '\t' || text.includes('\t', at)) return readDelimited(text, { delimiter, at }, problems);
  if (text.includes(ESCAPED_TAB, at)) {
    problems.add('escaped-tabs');
    return readDelimited(text, { delimiter: ESCAPED_TAB, at }, problems);
  }
  const { set, text: stray } = readExtension(text, at, LEEF_ESCAPES, problems);
  // One attribute alone needs no delimiter.
  if (set.fields.size > 1) problems.add('no-delimiter');
  return { set, stray };
}

/** A piece without a key of its own belongs to the value before it, which held the delimiter. */
function readDelimited(
  text: string,
  { delimiter, at }: Delimited,
  problems: Problems,
): { set: FieldSet; stray: string } {
  const set = new FieldSet(problems);
  let stray = '';
  let key: string | undefined;
  let from = at;
  const close = (end: number): boolean => {
    const written = text.slice(from, withoutTrailing(text, { from, end, delimiter }));
    if (key !== undefined) return set.add(key, readValue(key, written, problems));
    stray = written;
    return true;
  };
  for (let piece = at; piece <= text.length;) {
    const found = text.indexOf(delimiter, piece);
    const end = found === -1 ? text.length : found;
    const equals = keyEnd(text, piece, end);
    if (equals !== -1) {
      if (piece > at && !close(piece)) return { set, stray };
      key = text.slice(piece, equals).trim();
      from = equals + 1;
    } else if (end > piece) problems.addOnce(key === undefined ? 'stray-text' : 'stray-delimiter');
    piece = end + delimiter.length;
  }
  close(text.length);
  return { set, stray };
}

/** Some senders put the delimiter behind each attribute, the last one too, or twice. */
function withoutTrailing(
  text: string,
  { from, end, delimiter }: { readonly from: number; readonly end: number; readonly delimiter: string },
): number {
  let last = end;
  while (last - delimiter.length >= from && text.endsWith(delimiter, last)) last -= delimiter.length;
  return last;
}

/** Where the `=` behind the key of a piece stands; −1 if what stands before it is no key. */
function keyEnd(text: string, at: number, end: number): number {
  let index = at;
  while (index < end && text[index] === ' ') index++;
  const begin = index;
  while (index < end && (isWord(text.charCodeAt(index)) || text[index] === '.' || text[index] === '-')) index++;
  return index > begin && index < end && text[index] === '=' ? index : -1;
}

function readValue(key: string, written: string, problems: Problems): string {
  // Objects are written as JSON, whose backslashes are its own.
  if (isJson(written)) return written;
  const { value, isLone } = unescapeValue(written, LEEF_ESCAPES);
  if (isLone) problems.add('lone-backslash', key);
  return cleanMail(key, value, problems);
}

function isJson(value: string): boolean {
  return (value.startsWith('{"') && value.endsWith('}')) || (value.startsWith('[') && value.endsWith(']'));
}
