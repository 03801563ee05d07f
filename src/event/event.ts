import type { Json, JsonObject } from '../base/json.ts';
import { at, canonical, isObject } from '../base/json.ts';
import type { JsonSchema, SchemaProblem } from '../base/schema.ts';
import { validate } from '../base/schema.ts';
import { fromWindows, isWindowsRecord } from './windows.ts';

/**
 * Something a product reported (DESIGN 5): an envelope, Elastic Common Schema names, our own `severity stage
 * disposition host.key`, fields of its type, and the vendor's own under `raw`. Plain JSON, never changed after intake.
 */
export interface Event extends JsonObject {
  /** The product's own id; with `origin` the deduplication key. */
  readonly id: string;
  /** The product instance, that is the connection. */
  readonly origin: string;
  readonly type: string;
  /** RFC 3339, when it happened by the product's clock. */
  readonly time: string;
}

/** What a source hands over: an event without its origin, which is the connection's name. */
export type Draft = Omit<Event, 'origin'> & JsonObject;

/** A kind of event that a connector declares: its name is `<connector>.<kind>`. */
export interface EventType {
  readonly name: string;
  readonly description: string;
  /** Of the whole event; build it with {@link eventSchema}. */
  readonly schema: JsonSchema;
}

export const STAGES = [
  'reconnaissance',
  'delivery',
  'exploitation',
  'installation',
  'command-and-control',
  'lateral-movement',
  'actions-on-objectives',
] as const;

const text: JsonSchema = { type: 'string' };
const address: JsonSchema = { type: 'string', format: 'ip' };
const hashes: JsonSchema = {
  type: 'object',
  properties: {
    md5: { type: 'string', format: 'md5' },
    sha1: { type: 'string', format: 'sha1' },
    sha256: { type: 'string', format: 'sha256' },
  },
};

/** The fields that any event may have (ECS names: elastic.co, Elastic Common Schema 9). All but the envelope are optional. */
export const COMMON: { readonly [name: string]: JsonSchema } = {
  id: { type: 'string', minLength: 1, maxLength: 512, description: "the product's own id" },
  origin: { type: 'string', minLength: 1, maxLength: 128, description: 'the connection it came from' },
  type: { type: 'string', minLength: 1, maxLength: 128 },
  time: { type: 'string', format: 'date-time', description: 'when it happened' },
  severity: { type: 'number', minimum: 0, maximum: 100 },
  stage: { type: 'string', enum: STAGES, description: 'kill-chain stage' },
  disposition: { type: 'string', enum: ['detected', 'blocked', 'allowed'] },
  host: {
    type: 'object',
    properties: {
      id: text,
      key: { type: 'string', description: 'one name for a host, set at intake' },
      name: text,
      ip: { type: 'array', items: address },
      sensor_id: text,
    },
  },
  user: { type: 'object', properties: { name: text, domain: text, email: text } },
  process: {
    type: 'object',
    properties: {
      name: text,
      pid: { type: 'integer' },
      executable: text,
      command_line: { type: 'string', 'x-sensitive': true },
      entity_id: text,
      hash: hashes,
    },
  },
  file: {
    type: 'object',
    properties: { name: text, path: text, size: { type: 'integer', minimum: 0 }, hash: hashes },
  },
  source: { type: 'object', properties: { ip: address, port: { type: 'integer' }, domain: text } },
  destination: { type: 'object', properties: { ip: address, port: { type: 'integer' }, domain: text } },
  url: text,
  rule: { type: 'object', properties: { id: text, name: text } },
  threat: { type: 'object', properties: { tactic: text, technique: text } },
  observer: { type: 'object', properties: { vendor: text, product: text, name: text } },
  logsource: {
    type: 'object',
    description: 'which log it is from, as Sigma rules say it',
    properties: { product: text, category: { type: 'array', items: text }, service: text },
  },
  raw: { type: 'object', description: "the vendor's own, untyped" },
};

/** The schema of an event type: the common fields, `properties` on top, and what of both is always there. */
export function eventSchema(
  properties: { readonly [name: string]: JsonSchema } = {},
  required: readonly string[] = [],
): JsonSchema {
  return {
    type: 'object',
    properties: { ...COMMON, ...properties },
    required: ['id', 'origin', 'type', 'time', ...required],
    additionalProperties: false,
  };
}

/** A draft, or a record of a Windows log as it is, with its origin and host key; or what is wrong with it. The draft is not changed. */
export function normalise(
  draft: Json,
  origin: string,
  types: ReadonlyMap<string, EventType>,
): { readonly event: Event } | { readonly problems: readonly SchemaProblem[] } {
  if (isObject(draft) && isWindowsRecord(draft)) return normalise(fromWindows(draft), origin, types);
  if (!isObject(draft)) return { problems: [{ path: [], kind: 'type', message: 'an event must be an object' }] };
  const host = draft['host'];
  const key = hostKey(draft);
  const event = {
    ...draft,
    origin,
    ...(isObject(host) && key !== undefined ? { host: { ...host, key } } : {}),
  } as unknown as Event;
  const type = types.get(typeof draft['type'] === 'string' ? draft['type'] : '');
  if (type === undefined) {
    const known = [...types.keys()].join(', ');
    return {
      problems: [
        {
          path: ['type'],
          kind: 'enum',
          message: `unknown event type ${JSON.stringify(draft['type'] ?? null)}; known: ${known}`,
        },
      ],
    };
  }
  const problems = validate(type.schema, event);
  return problems.length === 0 ? { event } : { problems };
}

/** The connection that a draft would have come from: its connector's, if it does not say so itself. */
export function originOf(draft: JsonObject): string {
  const { origin, type } = isWindowsRecord(draft) ? fromWindows(draft) : draft;
  return typeof origin === 'string' ? origin : (String(type).split('.')[0] ?? 'unknown');
}

/** `origin` and `id`: the same event over two transports is one event. */
export function deduplicationKey(event: Event): string {
  return canonical([event.origin, event.id]);
}

/** One name for a host: its name case-folded and without its domain, else its sensor id, else its first address. */
export function hostKey(event: Json): string | undefined {
  const name = at(event, ['host', 'name']);
  if (typeof name === 'string' && name !== '') {
    const short = name.split('.')[0] ?? '';
    // A dotted address as a name has no domain to cut off.
    return (/^[0-9.]+$/.test(name) || short === '' ? name : short).toLowerCase();
  }
  const sensor = at(event, ['host', 'sensor_id']) ?? at(event, ['host', 'id']);
  if (typeof sensor === 'string' && sensor !== '') return `sensor:${sensor}`;
  const ip = at(event, ['host', 'ip', 0]);
  return typeof ip === 'string' ? ip : undefined;
}
