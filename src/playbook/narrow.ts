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

/** The whole must have answered, and so must the step of a round that is asked about. */
function known(binding: Typed, path: readonly string[]): Typed {
  const schema = changedAt(binding.schema, path, sure);
  if (binding.presence === 'maybe-missing') return { kind: binding.kind, schema, presence: 'maybe-absent' };
  return { ...binding, schema };
}

/** The schema of something that has a value at this path. */
export function withRequired(schema: JsonSchema, [name, ...rest]: readonly string[]): JsonSchema {
  if (name === undefined) return schema;
  const { properties } = schema;
  const inner = properties === undefined ? untyped(schema, name) : own(properties, name);
  if (inner === undefined) return schema;
  return {
    ...schema,
    ...(properties === undefined ? { type: 'object', additionalProperties: true } : {}),
    properties: { ...properties, [name]: withRequired(sure(inner), rest) },
    required: [...new Set([...(schema.required ?? []), name])],
  };
}

/** What has a field is an object, whatever else it is. */
function untyped({ type }: JsonSchema, name: string): JsonSchema | undefined {
  return (type === undefined || type === 'object') && !/^\d+$/.test(name) ? {} : undefined;
}

function changedAt(
  schema: JsonSchema,
  [name, ...rest]: readonly string[],
  change: (inner: JsonSchema) => JsonSchema,
): JsonSchema {
  if (name === undefined) return change(schema);
  const inner = schema.properties === undefined ? undefined : own(schema.properties, name);
  if (inner === undefined) return schema;
  return { ...schema, properties: { ...schema.properties, [name]: changedAt(inner, rest, change) } };
}

function sure(schema: JsonSchema): JsonSchema {
  const { 'x-unsure': _, ...rest } = schema;
  return rest;
}

function own(properties: NonNullable<JsonSchema['properties']>, name: string): JsonSchema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
