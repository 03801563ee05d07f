import { BACKSLASH, QUOTE, skipBlanks } from './chars.ts';
import { FieldSet } from './field-set.ts';
import type { StructuredElement } from './line.ts';
import type { Problems } from './problems.ts';

/** No element is nil, and there is no end to how many there may be; nobody sends more. */
const MOST_ELEMENTS = 64;
/** RFC 5424 (6.3.3) says 32; the longest of Junos has 33. */
const LONGEST_NAME = 64;

export interface StructuredData {
  readonly end: number;
  readonly elements: readonly StructuredElement[];
}

/** `-`, or one element after the other (RFC 5424, 6.3); undefined where neither begins here. */
export function readStructuredData(text: string, at: number, problems: Problems): StructuredData | undefined {
  if (text[at] === '-' && (at + 1 === text.length || text[at + 1] === ' ')) return { end: at + 1, elements: [] };
  const elements: StructuredElement[] = [];
  let end = at;
  while (text[end] === '[' && elements.length < MOST_ELEMENTS) {
    const element = readElement(text, end, problems);
    if (element === undefined) break;
    elements.push(element.value);
    end = element.end;
  }
  return elements.length === 0 ? undefined : { end, elements };
}

/** One `[id name="value" …]`. Its end may be missing, where a relay cut the line. */
export function readElement(
  text: string,
  at: number,
  problems: Problems,
): { readonly value: StructuredElement; readonly end: number } | undefined {
  const id = readId(text, at + 1);
  if (id === undefined) return undefined;
  const set = new FieldSet(problems);
  let index = id.end;
  for (;;) {
    index = skipBlanks(text, index);
    if (text[index] === ']') {
      index++;
      break;
    }
    const equals = nameEnd(text, index);
    if (equals === -1) {
      problems.add('unterminated');
      break;
    }
    const value = readValue(text, equals + 2, problems);
    if (!set.add(text.slice(index, equals), value.text)) {
      index = text.length;
      break;
    }
    index = value.end;
  }
  return { value: { id: id.text, fields: set.fields, repeated: set.repeated }, end: index };
}

/** An SD-ID, if what follows it shows that this is structured data and not a bracket in a text. */
function readId(text: string, at: number): { readonly text: string; readonly end: number } | undefined {
  let end = at;
  while (end < at + LONGEST_NAME && isNameChar(text.charCodeAt(end))) end++;
  const isElement = end > at && (text[end] === ']' || (text[end] === ' ' && isNext(text, skipBlanks(text, end))));
  return isElement ? { text: text.slice(at, end), end } : undefined;
}

function isNext(text: string, at: number): boolean {
  return text[at] === ']' || nameEnd(text, at) !== -1;
}

/** Where the `=` of `name="` stands; −1 if there is no name here. */
function nameEnd(text: string, at: number): number {
  let end = at;
  while (end < at + LONGEST_NAME && isNameChar(text.charCodeAt(end))) end++;
  return end > at && text[end] === '=' && text.charCodeAt(end + 1) === QUOTE ? end : -1;
}

/** Printable ASCII except `=`, blank, `]` and `"` (RFC 5424, 6: SD-NAME). */
const NAME_CHARS = Uint8Array.from({ length: 127 }, (_, code) =>
  code > 32 && !'=]"'.includes(String.fromCharCode(code)) ? 1 : 0,
);

function isNameChar(code: number): boolean {
  return NAME_CHARS[code] === 1;
}

/**
 * A value from behind its quote. `\"`, `\\` and `\]` are escapes, and a backslash before anything else is itself (RFC 5424,
 * 6.3.3). A quote that neither the end nor another name follows was not escaped, and belongs to the value.
 */
function readValue(text: string, at: number, problems: Problems): { readonly text: string; readonly end: number } {
  for (let quote = text.indexOf('"', at); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    if (isEscaped(text, at, quote)) continue;
    if (isValueEnd(text, quote + 1)) return { text: unescape(text.slice(at, quote)), end: quote + 1 };
    problems.addOnce('stray-quote');
  }
  problems.add('unterminated');
  return { text: unescape(text.slice(at)), end: text.length };
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, from: number, quote: number): boolean {
  let begin = quote;
  while (begin > from && text.charCodeAt(begin - 1) === BACKSLASH) begin--;
  return (quote - begin) % 2 === 1;
}

function isValueEnd(text: string, at: number): boolean {
  return at === text.length || text[at] === ' ' || text[at] === ']' || nameEnd(text, at) !== -1;
}

function unescape(value: string): string {
  return value.includes('\\') ? value.replaceAll(/\\(["\\\]])/g, '$1') : value;
}
