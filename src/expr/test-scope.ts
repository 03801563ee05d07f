import type { Json } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import type { Binding, Evidence, Scope } from './evidence.ts';
import { ABSENT, known, missing } from './evidence.ts';
import type { Presence, TypeBinding, TypeScope } from './types.ts';

// Scopes for tests, in a few words.

export const NOW = Date.parse('2026-11-24T09:00:00Z');

export function scopeOf(
  roots: Readonly<Record<string, Binding>>,
  lists: Readonly<Record<string, readonly Json[]>> = {},
): Scope {
  return {
    get: root => (Object.hasOwn(roots, root) ? roots[root] : undefined),
    inList: (value, list) => Object.hasOwn(lists, list) && lists[list]?.includes(value) === true,
    now: NOW,
  };
}

export function valueOf(value: Json, schema?: JsonSchema): Binding {
  return bind(known(value), schema);
}

export const absent: Binding = { kind: 'evidence', evidence: ABSENT };

export function missingOf(...of: readonly string[]): Binding {
  return bind(missing(of));
}

export function namesOf(names: Readonly<Record<string, Binding>>): Binding {
  return { kind: 'namespace', get: name => (Object.hasOwn(names, name) ? names[name] : undefined) };
}

export function variable(text: string): { readonly kind: 'expression'; readonly text: string } {
  return { kind: 'expression', text };
}

export function typeScopeOf(
  roots: Readonly<Record<string, TypeBinding>>,
  more: Partial<Pick<TypeScope, 'elsewhere' | 'lists'>> = {},
): TypeScope {
  return { roots: new Map(Object.entries(roots)), lists: new Set(), ...more };
}

export function typed(schema: JsonSchema, presence: Presence = 'certain', because?: string): TypeBinding {
  return because === undefined ? { kind: 'type', schema, presence } : { kind: 'type', schema, presence, because };
}

export function typeNames(names: Readonly<Record<string, TypeBinding>>): TypeBinding {
  return { kind: 'namespace', names: new Map(Object.entries(names)) };
}

function bind(evidence: Evidence, schema?: JsonSchema): Binding {
  return schema === undefined ? { kind: 'evidence', evidence } : { kind: 'evidence', evidence, schema };
}
