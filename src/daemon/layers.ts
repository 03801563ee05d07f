import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import { startOf } from '../base/span.ts';
import type { Document } from '../playbook/document.ts';
import type { Path } from '../playbook/path.ts';

/** One setting from outside the file. */
export interface Override {
  readonly path: readonly string[];
  readonly value: Json;
  readonly from: { readonly kind: 'flag' | 'variable'; readonly name: string };
}

/** Where a value of the configuration comes from. */
export type Provenance =
  | { readonly kind: 'flag' | 'variable'; readonly name: string }
  | { readonly kind: 'file'; readonly span: Span }
  | { readonly kind: 'default' };

/** A file and what overrides it, as one document: a mistake in a variable has its place too, the variable. */
export interface Layered extends Document {
  provenanceOf(path: Path): Provenance;
}

/** Later overrides win over earlier ones. */
export function layer(file: Document, overrides: readonly Override[]): Layered {
  // An empty file sets nothing.
  const base: Json | undefined = file.root === null ? {} : file.root;
  const root = base && overrides.reduce<Json>((value, { path, value: set }) => put(value, path, set), base);
  const overrideAt = (path: Path): Override | undefined => overrides.findLast(override => covers(override.path, path));
  return {
    file: file.file,
    text: file.text,
    size: file.size,
    diagnostics: file.diagnostics,
    ...(root === undefined ? {} : { root }),
    spanOf: path => placeOf(overrideAt(path)) ?? file.spanOf(path),
    keySpanOf: path => placeOf(overrideAt(path)) ?? file.keySpanOf(path),
    spanWithin: (scalar, value, start, end) =>
      scalar.file === file.file ? file.spanWithin(scalar, value, start, end) : scalar,
    isHole: path => overrideAt(path) === undefined && file.isHole(path),
    provenanceOf: path => overrideAt(path)?.from ?? { kind: 'file', span: file.spanOf(path) },
  };
}

/** The name of the variable or flag stands where a file's name would. */
function placeOf(override: Override | undefined): Span | undefined {
  return override && startOf(override.from.name);
}

function covers(override: Path, path: Path): boolean {
  return override.length <= path.length && override.every((key, index) => key === path[index]);
}

function put(value: Json, path: readonly string[], set: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return set;
  const object = isObject(value) ? value : {};
  return { ...object, [key]: put(object[key] ?? {}, rest, set) };
}
