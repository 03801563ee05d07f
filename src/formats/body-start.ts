import { isDigit, isWord, skipBlanks } from './chars.ts';

/** Where a body says what it is. */
export type BodyStart = { readonly kind: 'cef' | 'leef' | 'junos'; readonly at: number };

/** Of structured data that Junos wrote: the number of the enterprise is Juniper's (RFC 5424, 6.3.2). */
export const JUNOS_ID = 'junos@2636.';

/** The body that begins exactly here. */
export function bodyStartAt(text: string, at: number): BodyStart | undefined {
  if (isVersioned(text, at, 'CEF:')) return { kind: 'cef', at };
  if (isVersioned(text, at, 'LEEF:')) return { kind: 'leef', at };
  if (text.startsWith(`[${JUNOS_ID}`, at)) return { kind: 'junos', at };
  return undefined;
}

/**
 * The first body that begins anywhere from here on. What stands before it may be a header that nobody foresaw; but once
 * there is a `=` or a quote, it is a value of somebody else's, and a URL could hold a whole forged alert.
 */
export function findBodyStart(text: string, at: number): BodyStart | undefined {
  for (let index = at; index < text.length; index++) {
    const char = text[index];
    if (char === '=' || char === '"' || char === "'") return undefined;
    if (char !== 'C' && char !== 'L' && char !== '[') continue;
    if (char !== '[' && index > 0 && isWord(text.charCodeAt(index - 1))) continue;
    const start = bodyStartAt(text, index);
    if (start !== undefined) return start;
  }
  return undefined;
}

/** The name of the format, and a version; a blank between them has been seen. */
function isVersioned(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at) && isDigit(text.charCodeAt(skipBlanks(text, at + name.length)));
}
