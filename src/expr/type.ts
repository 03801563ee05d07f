import type { JsonSchema } from '../base/schema.ts';
import type { Kind } from './cel/value.ts';
import { wordFor } from './cel/value.ts';

/** What an expression will be. `any` is not told by any schema: everything is allowed of it. */
export interface Type {
  readonly kind: Kind | 'any';
  /** As others see it, once it has left the expression. */
  readonly schema: JsonSchema;
  /** Of a list. */
  readonly item?: Type;
}

export const ANY: Type = { kind: 'any', schema: {} };
export const BOOLEAN: Type = { kind: 'boolean', schema: { type: 'boolean' } };
export const TEXT: Type = { kind: 'text', schema: { type: 'string' } };
export const INT: Type = { kind: 'int', schema: { type: 'integer' } };
export const DOUBLE: Type = { kind: 'double', schema: { type: 'number' } };
export const TIMESTAMP: Type = { kind: 'timestamp', schema: { type: 'string', format: 'date-time' } };
export const DURATION: Type = { kind: 'duration', schema: { type: 'string' } };
const NULL: Type = { kind: 'null', schema: { type: 'null' } };

export function typeOfSchema(schema: JsonSchema): Type {
  switch (schema.type ?? impliedType(schema)) {
    case 'null':
      return NULL;
    case 'boolean':
      return { kind: 'boolean', schema };
    case 'string':
      return { kind: 'text', schema };
    case 'integer':
      return { kind: 'int', schema };
    case 'number':
      return { kind: 'double', schema };
    case 'array':
      return { kind: 'list', schema, item: schema.items === undefined ? ANY : typeOfSchema(schema.items) };
    case 'object':
      return { kind: 'object', schema };
    case undefined:
      return ANY;
  }
}

function impliedType({ properties, items, enum: choices, const: only }: JsonSchema): JsonSchema['type'] {
  if (properties !== undefined) return 'object';
  if (items !== undefined) return 'array';
  const values = only === undefined ? (choices ?? []) : [only];
  if (values.length > 0 && values.every(value => typeof value === 'string')) return 'string';
  return undefined;
}

export function listType(item: Type): Type {
  return {
    kind: 'list',
    schema: item.kind === 'any' ? { type: 'array' } : { type: 'array', items: item.schema },
    item,
  };
}

export function literalType(value: null | boolean | string | bigint | number): Type {
  if (value === null) return NULL;
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'string') return { kind: 'text', schema: { type: 'string', const: value } };
  return typeof value === 'bigint' ? INT : DOUBLE;
}

/** What is either of both. */
export function either(a: Type, b: Type): Type {
  if (a === b) return a;
  if (isNumeric(a) && isNumeric(b)) return a.kind === b.kind ? plain(a) : DOUBLE;
  if (a.kind !== b.kind) return ANY;
  if (a.kind === 'list') return listType(either(a.item ?? ANY, b.item ?? ANY));
  return a.schema === b.schema ? a : plain(a);
}

/** The same kind, with nothing said of the value. */
function plain(type: Type): Type {
  return type.schema.type === undefined
    ? { kind: type.kind, schema: {} }
    : { kind: type.kind, schema: { type: type.schema.type } };
}

export function isNumeric(type: Type): boolean {
  return type.kind === 'int' || type.kind === 'double';
}

/** Whether values of both can be equal, or stand for each other in a list. */
export function canBeEqual(a: Type, b: Type): boolean {
  if (a.kind === 'any' || b.kind === 'any' || a.kind === 'null' || b.kind === 'null') return true;
  if (a.kind === 'list' && b.kind === 'list') return canBeEqual(a.item ?? ANY, b.item ?? ANY);
  return a.kind === b.kind || (isNumeric(a) && isNumeric(b));
}

/** For messages: `text`, `a whole number`. */
export function inWords(type: Pick<Type, 'kind'>): string {
  return type.kind === 'any' ? 'anything' : wordFor(type.kind);
}

/** `score (number), name (text)`, for hints; the first twenty. */
export function listFields(properties: { readonly [name: string]: JsonSchema }): string {
  const names = Object.entries(properties).map(
    ([name, schema]) => `${name} (${inWords(typeOfSchema(schema)).replace(/^an? /, '')})`,
  );
  return names.length > 20 ? `${names.slice(0, 20).join(', ')}, …` : names.join(', ');
}
