import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { Secret } from '../../base/secret.ts';

export const settings = {
  type: 'object',
  properties: {
    channels: {
      type: 'object',
      description: 'name → { log: true } or { webhook: URL, secret: token for its Authorization header }',
    },
    default: { type: 'string', minLength: 1, description: 'the channel of recipients that have none of their own' },
  },
  required: ['channels'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;

export type Channel =
  | { readonly kind: 'log' }
  | {
      readonly kind: 'webhook';
      /** Without its query. */
      readonly url: string;
      /** Some services keep their token there. */
      readonly query: { readonly [name: string]: string };
      readonly secret?: Secret;
    };

/** The configured channels by name. Throws what is wrong with them: the schema has no word for a map. */
export function parseChannels({ channels, default: fallback }: Settings): ReadonlyMap<string, Channel> {
  const parsed = new Map(Object.entries(channels).map(([name, channel]) => [name, parseChannel(name, channel)]));
  if (fallback !== undefined && !parsed.has(fallback)) {
    throw new Error(`default: there is no channel "${fallback}"; known: ${[...parsed.keys()].join(', ')}`);
  }
  return parsed;
}

function parseChannel(name: string, channel: Json): Channel {
  const wrong = (message: string): Error => new Error(`channels.${name}: ${message}`);
  if (!isObject(channel)) throw wrong('must be { log: true } or { webhook: URL }');
  const { log, webhook, secret, ...rest } = channel as JsonObject & { secret?: unknown; webhook?: unknown };
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw wrong(`unknown key "${unknown}"; known: log, webhook, secret`);
  if (log === true && webhook === undefined && secret === undefined) return { kind: 'log' };
  // Services put tokens into URLs, so a URL may be a secret as a whole.
  const address = webhook instanceof Secret ? webhook.reveal() : webhook;
  if (log !== undefined || typeof address !== 'string') throw wrong('must be { log: true } or { webhook: URL }');
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) throw wrong('webhook must be an http(s) URL');
  const url = new URL(address);
  const query = Object.fromEntries(url.searchParams);
  url.search = '';
  if (secret === undefined) return { kind: 'webhook', url: url.href, query };
  const token = typeof secret === 'string' ? new Secret(secret) : secret;
  if (!(token instanceof Secret)) throw wrong('secret must be a reference to a secret');
  return { kind: 'webhook', url: url.href, query, secret: token };
}
