import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Shape } from '../evidence.ts';
import { formatTimestamp, formatWireDuration } from './time.ts';

/** What an expression computes with. Whole numbers are bigint, others number: CEL tells `7 / 2` from `7.0 / 2.0`. */
export type Value = null | boolean | string | bigint | number | Timestamp | Duration | List | Struct;

interface Timestamp {
  readonly kind: 'timestamp';
  /** Since 1970-01-01T00:00:00Z. */
  readonly nanos: bigint;
}

export interface Duration {
  readonly kind: 'duration';
  readonly nanos: bigint;
}

/** Items are made when they are looked at, so that passing a long list on costs nothing. */
export interface List {
  readonly kind: 'list';
  readonly length: number;
  /** `index` must be within the list. */
  at(index: number): Value;
  toJson(): Json | undefined;
}

export interface Struct {
  readonly kind: 'object';
  readonly keys: readonly string[];
  get(key: string): Held;
  toJson(): Json | undefined;
}

/** Evidence that has not left the evaluation yet. */
export type Held = { readonly state: 'value'; readonly value: Value } | Absent | Missing;
export interface Absent {
  readonly state: 'absent';
}
export interface Missing {
  readonly state: 'missing';
  readonly of: readonly string[];
  readonly why?: string;
}

export type Kind = 'null' | 'boolean' | 'text' | 'int' | 'double' | 'timestamp' | 'duration' | 'list' | 'object';

export function kindOf(value: Value): Kind {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return 'boolean';
    case 'string':
      return 'text';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    default:
      return value.kind;
  }
}

const WORDS: Readonly<Record<Kind, string>> = {
  null: 'null',
  boolean: 'true or false',
  text: 'text',
  int: 'a whole number',
  double: 'a number',
  timestamp: 'a time',
  duration: 'a duration',
  list: 'a list',
  object: 'an object',
};

/** A kind in the words of messages. */
export function wordFor(kind: Kind): string {
  return WORDS[kind];
}

/** What a value is, in the words of messages. */
export function describe(value: Value): string {
  return wordFor(kindOf(value));
}

export const ABSENT: Absent = { state: 'absent' };

export function held(value: Value): Held {
  return { state: 'value', value };
}

/** An error: nobody's evidence is lacking, yet there is no answer. */
export function failed(why: string): Missing {
  return { state: 'missing', of: [], why };
}

/** What all of these lack, and the first reason given. */
export function lacking(parts: readonly Missing[]): Missing {
  const of = [...new Set(parts.flatMap(part => part.of))];
  const why = parts.find(part => part.why !== undefined)?.why;
  return why === undefined ? { state: 'missing', of } : { state: 'missing', of, why };
}

/**
 * Data as a value. The schema tells whole numbers from others where JSON cannot (`8` of a `number` is 8.0) and, for a
 * field that is not there, missing from absent; `name` is what a missing field is called.
 */
export function fromJson(json: Json, schema: Shape | undefined, name: string): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return Number.isSafeInteger(json) && schema?.type !== 'number' ? BigInt(json) : json;
  if (!isObject(json)) return jsonList(json, schema, name);
  return jsonStruct(json, schema, name);
}

export function listOf(items: readonly Value[]): List {
  return {
    kind: 'list',
    length: items.length,
    at: index => items[index] ?? null,
    toJson: () => allOrNone(items.map(toJson)),
  };
}

export function structOf(entries: ReadonlyMap<string, Value>): Struct {
  return {
    kind: 'object',
    keys: [...entries.keys()],
    get(key) {
      const value = entries.get(key);
      return value === undefined ? ABSENT : held(value);
    },
    toJson() {
      const pairs = allOrNone(
        [...entries]
          .map(([key, value]) => ({ key, json: toJson(value) }))
          .map(({ key, json }) => (json === undefined ? undefined : ([key, json] as const))),
      );
      return pairs === undefined ? undefined : Object.fromEntries(pairs);
    },
  };
}

/** JSON for the world outside; undefined when a number has no JSON form. Times become RFC 3339, durations seconds and `s`. */
export function toJson(value: Value): Json | undefined {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (value.kind === 'timestamp') return formatTimestamp(value.nanos);
  if (value.kind === 'duration') return formatWireDuration(value.nanos);
  return value.toJson();
}

export function itemsOf(list: List): Value[] {
  return Array.from({ length: list.length }, (_, index) => list.at(index));
}

function jsonList(items: readonly Json[], schema: Shape | undefined, name: string): List {
  return {
    kind: 'list',
    length: items.length,
    at: index => fromJson(items[index] ?? null, schema?.each?.[index] ?? schema?.items, `${name}[${index}]`),
    toJson: () => items,
  };
}

function jsonStruct(object: JsonObject, schema: Shape | undefined, name: string): Struct {
  return {
    kind: 'object',
    get keys() {
      return Object.keys(object);
    },
    get(key) {
      const json = Object.hasOwn(object, key) ? object[key] : undefined;
      if (json !== undefined) return held(fromJson(json, propertyOf(schema, key), `${name}.${key}`));
      return schema?.required?.includes(key) === true ? { state: 'missing', of: [`${name}.${key}`] } : ABSENT;
    },
    toJson: () => object,
  };
}

function propertyOf(schema: Shape | undefined, key: string): Shape | undefined {
  const properties = schema?.properties;
  return properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function allOrNone<T>(items: readonly (T | undefined)[]): T[] | undefined {
  const present = items.filter(item => item !== undefined);
  return present.length === items.length ? present : undefined;
}
