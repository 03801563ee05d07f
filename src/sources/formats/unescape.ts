import { BACKSLASH } from './chars.ts';

/** What stands after a backslash, and what both mean. */
export type Escapes = ReadonlyMap<string, string>;

/**
 * A value without its escapes. Whoever escapes doubles every backslash; a lone one (`C:\Users\new`) shows a sender that
 * does not, so that nothing in the value is an escape, except that `\=` is never anything else.
 */
export function unescapeValue(value: string, escapes: Escapes): { readonly value: string; readonly isLone: boolean } {
  let slash = value.indexOf('\\');
  if (slash === -1) return { value, isLone: false };
  let out = '';
  let from = 0;
  while (slash !== -1) {
    const plain = escapes.get(value.charAt(slash + 1));
    if (plain === undefined) return { value: value.replaceAll('\\=', '='), isLone: true };
    out += value.slice(from, slash) + plain;
    from = slash + 2;
    slash = value.indexOf('\\', from);
  }
  return { value: out + value.slice(from), isLone: false };
}

/** Where the fields of a header that `|` parts begin, and what they are without `\|` and `\\`. */
export function readBars(text: string, at: number, most: number): { readonly parts: string[]; readonly end: number } {
  const parts: string[] = [];
  let from = at;
  let hasEscape = false;
  let index = at;
  for (; index < text.length && parts.length < most; index++) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) {
      hasEscape = true;
      index++;
    } else if (code === BAR) {
      parts.push(headerField(text.slice(from, index), hasEscape));
      from = index + 1;
      hasEscape = false;
    }
  }
  if (parts.length === most) return { parts, end: index };
  parts.push(headerField(text.slice(from), hasEscape));
  return { parts, end: text.length };
}

const BAR = 124;

/** CEF, header: only `|` and the backslash are escaped; another backslash is itself. */
function headerField(written: string, hasEscape: boolean): string {
  return hasEscape ? written.replaceAll(/\\([\\|])/g, '$1') : written;
}
