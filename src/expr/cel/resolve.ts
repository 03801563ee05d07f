import type { Binding, Scope } from '../evidence.ts';
import { nanosOfMillis } from './time.ts';
import type { Held } from './value.ts';
import { ABSENT, describe, failed, fromJson, held } from './value.ts';

/**
 * What a path stands for: names below names first, then fields of the value found. Variables are expressions;
 * the caller evaluates them, for it knows which are under way. `step` takes one field (text also takes list positions).
 */
export function resolve(
  path: readonly string[],
  scope: Scope,
  variable: (text: string) => Held,
  step: (of: Held, key: string) => Held = fieldOf,
): Held {
  const [root = '', ...rest] = path;
  if (root === 'now') return rest.reduce(step, held({ kind: 'timestamp', nanos: nanosOfMillis(scope.now) }));
  let binding = scope.get(root);
  let taken = 1;
  while (binding?.kind === 'namespace') {
    const name = path[taken];
    if (name === undefined) return failed(`${path.join('.')} is a group of names, not a value`);
    binding = binding.get(name);
    taken++;
  }
  const name = path.slice(0, taken).join('.');
  if (binding === undefined) return { state: 'missing', of: [name] };
  const start = binding.kind === 'expression' ? variable(binding.text) : readEvidence(binding, name);
  return path.slice(taken).reduce(step, start);
}

function readEvidence(binding: Extract<Binding, { readonly kind: 'evidence' }>, name: string): Held {
  const { evidence, schema } = binding;
  if (evidence.state === 'value') return held(fromJson(evidence.value, schema, name));
  if (evidence.state === 'absent') return ABSENT;
  return evidence.of.length > 0 ? evidence : { ...evidence, of: [name] };
}

/** A field by its name. Fields of what is absent are absent. */
export function fieldOf(of: Held, field: string): Held {
  if (of.state !== 'value') return of;
  const { value } = of;
  if (typeof value === 'object' && value?.kind === 'object') return value.get(field);
  return failed(`no field "${field}" in ${describe(value)}`);
}
