import ipaddr from 'ipaddr.js';
import type { Diagnostic } from '../base/diagnostic.ts';
import { readDocument } from './document.ts';
import { Node } from './node.ts';
import type { List } from './playbook.ts';
import { schemaDiagnostics } from './schema-diagnostics.ts';
import { list as validate } from './schemas.generated.js';

const KINDS = ['ip', 'domain', 'hash', 'name', 'email', 'text'] as const;

/** What a value must be and is not, for the kinds that can tell. */
const FORMS: { readonly [kind: string]: (value: string) => string | undefined } = {
  ip: value => (ipaddr.isValid(value) || ipaddr.isValidCIDR(value) ? undefined : 'an address or a network'),
  hash: value => (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value) ? undefined : 'an MD5, SHA-1 or SHA-256'),
  email: value => (/^[^\s@]+@[^\s@]+$/.test(value) ? undefined : 'a mail address'),
};

/** Reads `lists/<name>.yaml`. A list that cannot be read is undefined, and the diagnostics say why. */
export function loadList(
  file: string,
  text: string,
): { readonly list?: List; readonly diagnostics: readonly Diagnostic[] } {
  const document = readDocument(file, text);
  const root = new Node(document, [], document.root ?? null);
  const diagnostics = [...document.diagnostics, ...schemaDiagnostics(document, validate)];
  const kept = root.get('kept');
  if (kept !== undefined) {
    diagnostics.push({
      code: 'not-built-yet',
      severity: 'error',
      message: 'a list that is `kept` is part of language v1 but this build does not run it yet',
      span: kept.keySpan,
    });
  }
  const kind = root.get('kind')?.word(KINDS);
  if (kind === undefined) return { diagnostics };
  const values = (root.get('values')?.items() ?? []).filter(node => node.text() !== undefined);
  for (const node of values) {
    const wanted = FORMS[kind]?.(node.text() ?? '');
    if (wanted === undefined) continue;
    const message = `${JSON.stringify(node.text())} is not ${wanted}: nothing would match it`;
    diagnostics.push({ code: 'bad-value', severity: 'error', message, span: node.span });
  }
  return { list: { kind, values: values.flatMap(node => node.text() ?? []) }, diagnostics };
}
