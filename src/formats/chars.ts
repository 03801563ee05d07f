export const TAB = 9;
export const BLANK = 32;
export const QUOTE = 34;
export const BACKSLASH = 92;

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

export function isUpper(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** A letter of ASCII, or `_`. */
export function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || isUpper(code) || code === 95;
}

/** Asked of most characters of most lines, hence the table. */
const WORD = Uint8Array.from({ length: 128 }, (_, code) => (isLetter(code) || isDigit(code) ? 1 : 0));

/** A letter, `_` or a digit of ASCII. */
export function isWord(code: number): boolean {
  return code < 128 && WORD[code] === 1;
}

export function isBlank(code: number): boolean {
  return code === BLANK || code === TAB;
}

/** The first place from `at` on that is no blank. */
export function skipBlanks(text: string, at: number): number {
  let end = at;
  while (isBlank(text.charCodeAt(end))) end++;
  return end;
}

/** The first blank from `at` on, or the end. */
export function wordEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
  return end;
}

/** The text between two places, without blanks at either end. */
export function trimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
