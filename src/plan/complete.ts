import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';

/** A scripted answer with the fields that its schema requires and its author did not care about: empty, zero, false. */
export function complete(schema: JsonSchema, partial: Json | undefined): Json {
  if (schema.type === 'object' && (partial === undefined || isObject(partial))) {
    const given = isObject(partial) ? partial : {};
    const properties = new Map(Object.entries(schema.properties ?? {}));
    const left = (schema.required ?? []).filter(name => !Object.hasOwn(given, name));
    return Object.fromEntries([
      ...Object.entries(given).map(([name, value]) => [name, complete(properties.get(name) ?? {}, value)]),
      ...left.map(name => [name, complete(properties.get(name) ?? {}, undefined)]),
    ]) as JsonObject;
  }
  const { items } = schema;
  if (Array.isArray(partial) && items !== undefined) return partial.map(item => complete(items, item as Json));
  if (partial !== undefined) return partial;
  return schema.const ?? schema.enum?.[0] ?? neutral(schema);
}

function neutral(schema: JsonSchema): Json {
  switch (schema.type) {
    case 'array':
      return [];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'string':
      return FORMATTED[schema.format ?? 'none'];
    case 'object':
      return {};
    default:
      return null;
  }
}

const FORMATTED = {
  none: '',
  ip: '192.0.2.1',
  'date-time': '1970-01-01T00:00:00Z',
  md5: '0'.repeat(32),
  sha1: '0'.repeat(40),
  sha256: '0'.repeat(64),
  duration: '1s',
} as const;
