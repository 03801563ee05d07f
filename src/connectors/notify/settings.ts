import type { Json } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Outlet } from '../../base/lines.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { Secret } from '../../base/secret.ts';

export const settings = {
  type: 'object',
  properties: {
    channels: {
      type: 'object',
      description:
        'name → { log: true }, { webhook: URL, secret: token for its Authorization header }, { slack: URL } or { syslog: tls://host:port }',
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
      /** `slack` is what Slack's incoming webhooks take, and those that copy them. */
      readonly kind: 'webhook' | 'slack';
      /** Without its query. */
      readonly url: string;
      /** Some services keep their token there. */
      readonly query: { readonly [name: string]: string };
      readonly secret?: Secret;
    }
  | { readonly kind: 'syslog'; readonly outlet: Outlet; readonly facility: number; readonly host: string };

/** The configured channels by name. Throws what is wrong with them: the schema has no word for a map. */
export function parseChannels({ channels, default: fallback }: Settings): ReadonlyMap<string, Channel> {
  const parsed = new Map(Object.entries(channels).map(([name, channel]) => [name, parseChannel(name, channel)]));
  if (fallback !== undefined && !parsed.has(fallback)) {
    throw new Error(`default: there is no channel "${fallback}"; known: ${[...parsed.keys()].join(', ')}`);
  }
  return parsed;
}

const KINDS = '{ log: true }, { webhook: URL }, { slack: URL } or { syslog: tls://host:port }';
const KEYS = {
  log: [],
  webhook: ['secret'],
  slack: [],
  syslog: ['framing', 'facility', 'host'],
} as const satisfies { readonly [kind: string]: readonly string[] };
type Kind = keyof typeof KEYS;

function parseChannel(name: string, channel: Json): Channel {
  const wrong = (message: string): Error => new Error(`channels.${name}: ${message}`);
  if (!isObject(channel)) throw wrong(`must be ${KINDS}`);
  const given: { readonly [key: string]: unknown } = channel;
  const kinds = (Object.keys(KEYS) as Kind[]).filter(kind => Object.hasOwn(given, kind));
  const all = Object.entries(KEYS).flatMap(([kind, keys]) => [kind, ...keys]);
  const unknown = Object.keys(given).find(key => !all.includes(key));
  if (unknown !== undefined) throw wrong(`unknown key "${unknown}"; known: ${[...new Set(all)].join(', ')}`);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1) throw wrong(`must be ${KINDS}`);
  const extra = Object.keys(given).find(key => key !== kind && !(KEYS[kind] as readonly string[]).includes(key));
  if (extra !== undefined) throw wrong(`must be ${KINDS}; "${extra}" does not belong to ${kind}`);
  switch (kind) {
    case 'log':
      if (given['log'] !== true) throw wrong(`must be ${KINDS}`);
      return { kind };
    case 'webhook':
    case 'slack':
      return { kind, ...parseWebhook(given[kind], kind, wrong), ...secretOf(given['secret'], wrong) };
    case 'syslog':
      return parseSyslog(given, wrong);
  }
}

type Wrong = (message: string) => Error;

/** Services put tokens into URLs, so a URL may be a secret as a whole. */
function parseWebhook(
  given: unknown,
  kind: string,
  wrong: Wrong,
): { readonly url: string; readonly query: { readonly [name: string]: string } } {
  const address = textOf(given);
  if (typeof address !== 'string') throw wrong(`must be ${KINDS}`);
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) throw wrong(`${kind} must be an http(s) URL`);
  const url = new URL(address);
  const query = Object.fromEntries(url.searchParams);
  url.search = '';
  return { url: url.href, query };
}

function secretOf(secret: unknown, wrong: Wrong): { readonly secret?: Secret } {
  if (secret === undefined) return {};
  const token = typeof secret === 'string' ? new Secret(secret) : secret;
  if (!(token instanceof Secret)) throw wrong('secret must be a reference to a secret');
  return { secret: token };
}

/** RFC 5424, 6.2.1: local0 to local7 are for whoever wants them. */
const LOCAL0 = 16;

function parseSyslog(given: { readonly [key: string]: unknown }, wrong: Wrong): Channel {
  const { syslog, framing, facility = 'local0', host: sender = 'backline' } = given;
  const address = textOf(syslog);
  const [, transport, host = '', port] =
    /^(tcp|tls|udp):\/\/(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+):(\d{1,5})$/.exec(String(address)) ?? [];
  const isTransport = transport === 'tcp' || transport === 'tls' || transport === 'udp';
  if (!isTransport || Number(port) < 1 || Number(port) > 65_535)
    throw wrong('syslog must be tls://host:port, tcp://host:port or udp://host:port');
  if (framing !== undefined && framing !== 'newline' && framing !== 'octets')
    throw wrong('framing must be newline or octets');
  const number = /^local([0-7])$/.exec(String(facility))?.[1];
  if (number === undefined) throw wrong('facility must be local0 to local7');
  if (typeof sender !== 'string' || !/^[!-~]{1,255}$/.test(sender))
    throw wrong('host must be a name of printable ASCII without spaces');
  const outlet: Outlet = {
    transport,
    host: host.replaceAll(/[[\]]/g, ''),
    port: Number(port),
    // RFC 5425, 4.3: over TLS lines are counted.
    framing: framing ?? (transport === 'tls' ? 'octets' : 'newline'),
  };
  return { kind: 'syslog', outlet, facility: LOCAL0 + Number(number), host: sender };
}

function textOf(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}
