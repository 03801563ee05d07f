import type { Json } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import { COMMON } from './event.ts';

const MASK = '[masked]';
/** A shorter text says nothing, and would blot out half of `raw`. */
const SHORTEST = 4;

/**
 * E10: texts in fields that a schema marks as sensitive (command lines, mail bodies) become `[masked]`, there and wherever
 * the vendor's own `raw` repeats them. Also for what is no valid event of its type: then the common fields count.
 */
export function maskSensitive<Value extends Json>(value: Value, schema: JsonSchema = { properties: COMMON }): Value {
  const found = new Set<string>();
  const masked = maskFields(value, schema, found);
  if (!isObject(masked)) return value;
  const { raw } = masked;
  return (raw === undefined ? masked : { ...masked, raw: maskTexts(raw, found) }) as Value;
}

function maskFields(value: Json, schema: JsonSchema, found: Set<string>): Json {
  if (schema['x-sensitive'] === true) return maskAll(value, found);
  if (Array.isArray(value)) return value.map((item: Json) => maskFields(item, schema.items ?? {}, found));
  if (!isObject(value)) return value;
  const fields = Object.entries(value).map(([name, field]): [string, Json] => {
    const properties = schema.properties ?? {};
    return [name, Object.hasOwn(properties, name) ? maskFields(field, properties[name] ?? {}, found) : field];
  });
  return Object.fromEntries(fields);
}

function maskAll(value: Json, found: Set<string>): Json {
  if (typeof value === 'string') {
    if (value.length >= SHORTEST) found.add(value);
    return MASK;
  }
  if (Array.isArray(value)) return value.map((item: Json) => maskAll(item, found));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, maskAll(field, found)]));
}

function maskTexts(value: Json, texts: ReadonlySet<string>): Json {
  if (typeof value === 'string') return [...texts].reduce((text, secret) => text.replaceAll(secret, MASK), value);
  if (Array.isArray(value)) return value.map((item: Json) => maskTexts(item, texts));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, maskTexts(field, texts)]));
}
