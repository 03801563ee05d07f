import { readBars } from './bars.ts';
import { trimmed } from './chars.ts';
import { readExtension } from './extension.ts';
import type { Body, CefLine } from './line.ts';
import type { Problems } from './problems.ts';
import type { Escapes } from './unescape.ts';

/** `\=` and `\\`, and `\n` and `\r` for line ends; `\|` belongs to headers, but many senders have it in extensions too. */
export const CEF_ESCAPES: Escapes = new Map([
  ['=', '='],
  ['\\', '\\'],
  ['|', '|'],
  ['n', '\n'],
  ['r', '\r'],
]);

/** From `CEF:` on, up to the end of the line: seven fields of the header, then the extension. */
export function readCef(text: string, at: number, problems: Problems): Body<CefLine> {
  const { parts, end } = readBars(text, at + 'CEF:'.length, 7);
  const [version = '', vendor = '', name = '', productVersion = '', signature = '', title = '', severity = ''] = parts;
  if (parts.length < 7) problems.add('header-short');
  const extension = readExtension(text, end, CEF_ESCAPES, problems);
  return {
    format: 'cef',
    version: version.trim(),
    product: { vendor, name, version: productVersion },
    signature,
    name: title,
    // The bar behind it may be missing where there is no extension.
    severity: trimmed(severity, 0, severity.length),
    fields: extension.set.fields,
    repeated: extension.set.repeated,
    text: extension.text,
  };
}
