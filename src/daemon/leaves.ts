import type { Json } from '../base/json.ts';
import { at, isObject } from '../base/json.ts';
import type { Layered, Provenance } from './layers.ts';

/** One setting of the effective configuration. */
export interface Leaf {
  /** `limits.runs`. */
  readonly name: string;
  readonly value: Json;
  readonly from: Provenance;
}

/** Every setting with where it comes from, by name. Secrets were never in here: they are references. */
export function leavesOf(document: Layered, defaults: Json): Leaf[] {
  const set = walk(document.root ?? {}, []).map(({ path, value }) => ({
    name: path.join('.'),
    value,
    from: document.provenanceOf(path),
  }));
  const unset = walk(defaults, []).filter(({ path }) => at(document.root, path) === undefined);
  const rest = unset.map(({ path, value }) => ({ name: path.join('.'), value, from: { kind: 'default' } as const }));
  return [...set, ...rest].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function walk(value: Json, path: readonly string[]): { readonly path: readonly string[]; readonly value: Json }[] {
  if (!isObject(value) || Object.keys(value).length === 0) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => walk(inner, [...path, key]));
}
