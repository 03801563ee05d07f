import type { Diagnostic } from '../base/diagnostic.ts';
import { misfitOf } from '../match/kept.ts';
import { LIST_KINDS } from '../match/types.ts';
import { readDocument } from './document.ts';
import { Node } from './node.ts';
import type { List } from './playbook.ts';
import { schemaDiagnostics } from './schema-diagnostics.ts';
import { list as validate } from './schemas.generated.js';

/** Reads `lists/<name>.yaml`. A list that cannot be read is undefined, and the diagnostics say why. */
export function loadList(
  file: string,
  text: string,
): { readonly list?: List; readonly diagnostics: readonly Diagnostic[] } {
  const document = readDocument(file, text);
  const root = new Node(document, [], document.root ?? null);
  const diagnostics = [...document.diagnostics, ...schemaDiagnostics(document, validate)];
  const kind = root.get('kind')?.word(LIST_KINDS);
  if (kind === undefined) return { diagnostics };
  const written = root.get('values');
  if (root.has('kept')) {
    if (written !== undefined) {
      const message = 'a list that is `kept` has its values in the store, not in its file';
      const hint = 'leave out `values`, or `kept`';
      diagnostics.push({ code: 'bad-value', severity: 'error', message, span: written.keySpan, hint });
    }
    return { list: { kind, values: [], kept: true }, diagnostics };
  }
  const values = (written?.items() ?? []).filter(node => node.text() !== undefined);
  for (const node of values) {
    const wanted = misfitOf(kind, (node.text() ?? '').trim());
    if (wanted === undefined) continue;
    const message = `${JSON.stringify(node.text())} is not ${wanted}: nothing would match it`;
    diagnostics.push({ code: 'bad-value', severity: 'error', message, span: node.span });
  }
  return { list: { kind, values: values.flatMap(node => node.text() ?? []) }, diagnostics };
}
