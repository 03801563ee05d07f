import type { Diagnostic } from '../base/diagnostic.ts';
import { readDocument } from './document.ts';
import { Node } from './node.ts';
import type { List } from './playbook.ts';
import { schemaDiagnostics } from './schema-diagnostics.ts';
import { list as validate } from './schemas.generated.js';

const KINDS = ['ip', 'domain', 'hash', 'name', 'email', 'text'] as const;

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
  return {
    list: { kind, values: (root.get('values')?.items() ?? []).flatMap(node => node.text() ?? []) },
    diagnostics,
  };
}
