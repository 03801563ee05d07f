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
