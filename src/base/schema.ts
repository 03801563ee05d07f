import type { Json, JsonObject } from './json.ts';
import { equalJson, isObject } from './json.ts';
import type { Secret } from './secret.ts';

/** What a target is, so that guardrails know what an action acts on (DESIGN 7). */
export type TargetKind = 'host' | 'ip' | 'domain' | 'url' | 'hash' | 'user' | 'mail';

/**
 * The part of JSON Schema that connectors speak. Closed, so that every schema can be validated without generated code
 * (decision 0001), turned into a type for expressions, and printed for people. `x-` keys are ours.
 */
export interface JsonSchema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean' | 'null';
  readonly description?: string;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean | null;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly format?: 'ip' | 'date-time' | 'md5' | 'sha1' | 'sha256' | 'duration';
  readonly examples?: readonly Json[];
  /** This input says what the action acts on. Left out, the action would act on more, or on nothing. */
  readonly 'x-target'?: TargetKind;
  /** This input is read by people: unknown values become `(unknown)` instead of stopping the step (LANGUAGE 4.3). */
  readonly 'x-text'?: 'people';
  /** Required, and yet a run may not know it: what a step gives in a round of a loop (LANGUAGE 7). */
  readonly 'x-unsure'?: true;
  /** Masked at intake and in records (E10). */
  readonly 'x-sensitive'?: true;
  /** A file (`base/file.ts`): the action is handed its bytes, or hands them over. */
  readonly 'x-file'?: true;
  /** A setting that holds a secret: only a reference is allowed in a file. */
  readonly 'x-secret'?: true;
}

/** The TypeScript type of what a schema admits. */
export type FromSchema<S> = S extends { readonly 'x-secret': true }
  ? Secret
  : S extends { readonly enum: readonly (infer E)[] }
    ? E
    : S extends { readonly const: infer C }
      ? C
      : S extends { readonly type: 'string' }
        ? string
        : S extends { readonly type: 'integer' | 'number' }
          ? number
          : S extends { readonly type: 'boolean' }
            ? boolean
            : S extends { readonly type: 'null' }
              ? null
              : S extends { readonly type: 'array'; readonly items: infer I }
                ? readonly FromSchema<I>[]
                : S extends { readonly type: 'array' }
                  ? readonly Json[]
                  : S extends { readonly type: 'object'; readonly properties: infer P }
                    ? FromProperties<P, S extends { readonly required: readonly (infer R)[] } ? R : never>
                    : S extends { readonly type: 'object' }
                      ? JsonObject
                      : Json;

type FromProperties<P, R> = {
  readonly [K in keyof P as K extends R ? K : never]: FromSchema<P[K]>;
} & {
  readonly [K in keyof P as K extends R ? never : K]?: FromSchema<P[K]>;
};

export interface SchemaProblem {
  /** Keys and list positions from the root to the place that is wrong. */
  readonly path: readonly (string | number)[];
  readonly kind: 'type' | 'required' | 'unknown-key' | 'enum' | 'range' | 'format';
  readonly message: string;
}

/** All that is wrong with a value, at once; an empty list when nothing is. Linear in the value, never throws. */
export function validate(schema: JsonSchema, value: Json): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  walk(schema, value, [], problems);
  return problems;
}

/** `at a.b[0]: message`, for people. */
export function formatProblem(problem: SchemaProblem): string {
  const place = problem.path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join('');
  return place === '' ? problem.message : `${place}: ${problem.message}`;
}

function walk(schema: JsonSchema, value: Json, path: readonly (string | number)[], problems: SchemaProblem[]): void {
  const say = (kind: SchemaProblem['kind'], message: string, key?: string | number) =>
    problems.push({ path: key === undefined ? path : [...path, key], kind, message });
  if (schema.type !== undefined && !hasType(schema.type, value)) {
    say('type', `must be ${article(schema.type)}, is ${describe(value)}`);
    return;
  }
  if (schema.const !== undefined && value !== schema.const) say('enum', `must be ${JSON.stringify(schema.const)}`);
  if (schema.enum !== undefined && !schema.enum.some(choice => equalJson(choice, value))) {
    say('enum', `must be one of ${schema.enum.map(choice => JSON.stringify(choice)).join(', ')}`);
  }
  if (typeof value === 'number') walkNumber(schema, value, say);
  else if (typeof value === 'string') walkString(schema, value, say);
  else if (Array.isArray(value)) walkList(schema, value, path, problems, say);
  else if (isObject(value)) walkObject(schema, value, path, problems, say);
}

type Say = (kind: SchemaProblem['kind'], message: string, key?: string | number) => void;

function walkNumber(schema: JsonSchema, value: number, say: Say): void {
  if (schema.minimum !== undefined && value < schema.minimum) say('range', `must be at least ${schema.minimum}`);
  if (schema.maximum !== undefined && value > schema.maximum) say('range', `must be at most ${schema.maximum}`);
}

function walkString(schema: JsonSchema, value: string, say: Say): void {
  const length = lengthOf(value);
  if (schema.minLength !== undefined && length < schema.minLength) {
    say('range', schema.minLength === 1 ? 'must not be empty' : `must have at least ${schema.minLength} characters`);
  }
  if (schema.maxLength !== undefined && length > schema.maxLength) {
    say('range', `must have at most ${schema.maxLength} characters`);
  }
  if (schema.format !== undefined && !FORMATS[schema.format].test(value)) {
    say('format', `must be ${FORMATS[schema.format].means}`);
  }
}

/** In characters, as JSON Schema counts: a pair of surrogates is one. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

function walkList(
  schema: JsonSchema,
  value: readonly Json[],
  path: readonly (string | number)[],
  problems: SchemaProblem[],
  say: Say,
): void {
  if (schema.minItems !== undefined && value.length < schema.minItems)
    say('range', `must have at least ${schema.minItems} items`);
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    say('range', `must have at most ${schema.maxItems} items`);
  const { items } = schema;
  if (items !== undefined) value.forEach((item, index) => walk(items, item, [...path, index], problems));
}

function walkObject(
  schema: JsonSchema,
  value: JsonObject,
  path: readonly (string | number)[],
  problems: SchemaProblem[],
  say: Say,
): void {
  for (const name of schema.required ?? []) {
    if (!Object.hasOwn(value, name)) say('required', `needs "${name}"`);
  }
  for (const [name, item] of Object.entries(value)) {
    const property =
      schema.properties !== undefined && Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    if (property !== undefined) walk(property, item, [...path, name], problems);
    else if (schema.additionalProperties === false) say('unknown-key', `unknown key "${name}"`, name);
  }
}

function hasType(type: NonNullable<JsonSchema['type']>, value: Json): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
  }
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : type === 'null' ? type : `a ${type}`;
}

function describe(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  return `${article(typeof value)} (${JSON.stringify(value).slice(0, 40)})`;
}

const hex = (length: number) => ({
  means: `${length} hexadecimal digits`,
  test: (text: string) => text.length === length && /^[0-9a-f]+$/i.test(text),
});

const FORMATS: Record<NonNullable<JsonSchema['format']>, { means: string; test(text: string): boolean }> = {
  ip: { means: 'an IPv4 or IPv6 address', test: isAddress },
  'date-time': {
    means: 'a time as in RFC 3339, for example 2026-11-24T09:00:00Z',
    test: isTime,
  },
  md5: hex(32),
  sha1: hex(40),
  sha256: hex(64),
  duration: {
    means: 'a duration, for example 90s, 15m, 24h or 7d',
    test: text => /^[1-9][0-9]{0,8}[smhd]$/.test(text),
  },
};

/** An address as vendors write it: dotted IPv4 without leading zeros, or IPv6 without a zone. */
function isAddress(text: string): boolean {
  if (text.length > 45) return false;
  if (/^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text)) return !/(^|\.)0\d/.test(text);
  if (!text.includes(':') || !/^[0-9a-fA-F:.]+$/.test(text)) return false;
  return URL.canParse(`http://[${text}]/`);
}

/** `Date.parse` alone would take the 30th of February for the 2nd of March, and 24:00 for the next day. */
function isTime(text: string): boolean {
  const [, day = ''] =
    /^(\d{4}-\d\d-\d\d)[Tt ](?!24)\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  if (day === '' || Number.isNaN(Date.parse(text))) return false;
  return new Date(Date.parse(day)).toISOString().startsWith(day);
}
