/** The runtime's own search is fast, but takes length times length for texts made for it: a short needle bounds that. */
const SHORT = 32;

/** `indexOf` in time linear in both texts, whoever wrote them. */
export function indexOf(text: string, needle: string, from: number): number {
  return needle.length <= SHORT ? text.indexOf(needle, from) : searchLong(text, needle, from);
}

/** Knuth, Morris, Pratt 1977. */
function searchLong(text: string, needle: string, from: number): number {
  if (needle.length > text.length - from) return -1;
  const borders = bordersOf(needle);
  let matched = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (matched > 0 && needle.charCodeAt(matched) !== code) matched = borders[matched - 1] ?? 0;
    if (needle.charCodeAt(matched) === code) matched++;
    if (matched === needle.length) return at + 1 - needle.length;
  }
  return -1;
}

/** For each beginning of a text, how long the longest shorter beginning is that it ends with. */
function bordersOf(text: string): Uint32Array {
  const borders = new Uint32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    while (length > 0 && text.charCodeAt(length) !== code) length = borders[length - 1] ?? 0;
    if (text.charCodeAt(length) === code) length++;
    borders[at] = length;
  }
  return borders;
}
