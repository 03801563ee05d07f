import type { Endpoint } from '../../base/http.ts';
import { isObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { Secret } from '../../base/secret.ts';

export const settings = {
  type: 'object',
  properties: {
    hosts: {
      type: 'object',
      description:
        'name → { url, token (sent as Authorization: Bearer), headers, ca, pinned }; no other host is ever called',
    },
  },
  required: ['hosts'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;

const KEYS = ['url', 'token', 'headers', 'ca', 'pinned'];

/** The configured hosts by name. Throws what is wrong with them: the schema has no word for a map. */
export function parseHosts({ hosts }: Settings): { readonly [name: string]: Endpoint } {
  return Object.fromEntries(Object.entries(hosts).map(([name, host]) => [name, parseHost(name, host)]));
}

function parseHost(name: string, host: unknown): Endpoint {
  const wrong = (message: string): Error => new Error(`hosts.${name}: ${message}`);
  if (!isObject(host)) throw wrong('must be { url: … }');
  const unknown = Object.keys(host).find(key => !KEYS.includes(key));
  if (unknown !== undefined) throw wrong(`unknown key "${unknown}"; known: ${KEYS.join(', ')}`);
  const { token, headers = {}, ...rest }: { readonly [key: string]: unknown } = host;
  const url = textOf(rest['url']);
  const ca = textOf(rest['ca']);
  const pinned = textOf(rest['pinned']);
  if (typeof url !== 'string') throw wrong('needs "url"');
  if (!isObject(headers)) throw wrong('headers must be a map of names to values');
  for (const [key, value] of Object.entries({ ca, pinned })) {
    if (value !== undefined && typeof value !== 'string') throw wrong(`${key} must be a string`);
  }
  const sent = new Map<string, string | Secret>();
  for (const [header, value] of Object.entries(headers as { readonly [name: string]: unknown })) {
    if (typeof value !== 'string' && !(value instanceof Secret)) throw wrong(`header "${header}" must be a string`);
    sent.set(header, value);
  }
  if (token !== undefined) {
    const secret = textOf(token);
    if (typeof secret !== 'string') throw wrong('token must be a reference to a secret');
    sent.set('authorization', new Secret(`Bearer ${secret}`));
  }
  return {
    url,
    headers: Object.fromEntries(sent),
    ...(typeof ca === 'string' ? { ca } : {}),
    ...(typeof pinned === 'string' ? { pinned } : {}),
  };
}

/** In a map every value that came through a reference is a secret: the schema has no word on which of them are. */
function textOf(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}
