import { celReferences } from '../expr/expr.ts';
import type { Reference } from '../expr/types.ts';
import type { Playbook } from './playbook.ts';
import { variableText } from './playbook.ts';

/** The paths that references lead to in the end: those of variables are replaced by what the variables refer to. */
export function throughVars(references: readonly Reference[], playbook: Playbook): (readonly string[])[] {
  const found: (readonly string[])[] = [];
  const seen = new Set<string>();
  const open = references.toReversed();
  for (let reference = open.pop(); reference !== undefined; reference = open.pop()) {
    const [root, id] = reference.path;
    if (root !== 'vars' || id === undefined) found.push(reference.path);
    else if (!seen.has(id)) {
      seen.add(id);
      const text = variableText(playbook, id);
      if (text !== undefined) open.push(...celReferences(text).toReversed());
    }
  }
  return found;
}
