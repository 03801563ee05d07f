import type { Json } from '../base/json.ts';
import { celReferences, templateReferences } from '../expr/expr.ts';
import type { EnrichStep, Playbook } from '../playbook/playbook.ts';

/** What an enrichment comes after: what it says, and whatever its texts and conditions refer to, through `vars` as well. */
export function edgesOf(entry: EnrichStep, playbook: Playbook): readonly string[] {
  const found = new Set(entry.after);
  const seen = new Set<string>();
  const follow = (path: readonly string[]): void => {
    const [root, id] = path;
    if (id === undefined) return;
    if ((root === 'enrich' || root === 'outcome') && id !== entry.id) found.add(id);
    if (root !== 'vars' || seen.has(id)) return;
    seen.add(id);
    const variable = playbook.vars.find(candidate => candidate.id === id);
    if (variable !== undefined && 'text' in variable.value)
      celReferences(variable.value.text).forEach(({ path: inner }) => follow(inner));
  };
  const conditions = [entry.if?.text, entry.poll?.until.text].filter(text => text !== undefined);
  for (const text of conditions) celReferences(text).forEach(({ path }) => follow(path));
  for (const text of textsIn(entry.with)) templateReferences(text).forEach(({ path }) => follow(path));
  return [...found].filter(id => playbook.enrich.some(candidate => candidate.id === id)).toSorted();
}

function* textsIn(value: Json): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item as Json);
  else if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) yield* textsIn(item);
}
