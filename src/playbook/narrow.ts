import type { JsonSchema } from '../base/schema.ts';
import type { TypeBinding } from '../expr/types.ts';
import type { Facts } from './facts.ts';

type Roots = ReadonlyMap<string, TypeBinding>;

/** The names, with what conditions have made certain of them. */
export function narrow(roots: Roots, facts: Facts): Roots {
  let narrowed = roots;
  for (const path of facts.present) narrowed = along(narrowed, path, present);
  for (const path of facts.known) narrowed = along(narrowed, path, known);
  for (const id of facts.done) {
    narrowed = along(narrowed, ['steps', id], present);
    narrowed = along(narrowed, ['enrich', id], present);
  }
  return narrowed;
}

type Typed = Extract<TypeBinding, { readonly kind: 'type' }>;
type Learn = (binding: Typed, path: readonly string[]) => Typed;

function along(names: Roots, [name = '', ...rest]: readonly string[], learn: Learn): Roots {
  const binding = names.get(name);
  if (binding === undefined || binding.kind === 'expression') return names;
  const learnt: TypeBinding =
    binding.kind === 'type' ? learn(binding, rest) : { kind: 'namespace', names: along(binding.names, rest, learn) };
  return new Map(names).set(name, learnt);
}

function present({ kind, schema }: Typed, path: readonly string[]): Typed {
  return { kind, schema: withRequired(schema, path), presence: 'certain' };
}

/** Of what is inside, only that it is not missing: the whole must have answered. */
function known(binding: Typed): Typed {
  const { kind, schema, presence } = binding;
  return presence === 'maybe-missing' ? { kind, schema, presence: 'maybe-absent' } : binding;
}

function withRequired(schema: JsonSchema, [name, ...rest]: readonly string[]): JsonSchema {
  const inner = name === undefined || schema.properties === undefined ? undefined : schema.properties[name];
  if (name === undefined || inner === undefined) return schema;
  return {
    ...schema,
    properties: { ...schema.properties, [name]: withRequired(inner, rest) },
    required: [...new Set([...(schema.required ?? []), name])],
  };
}
