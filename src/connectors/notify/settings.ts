import type { Json } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Outlet } from '../../base/lines.ts';
import { parseCollector } from '../../base/lines.ts';
import type { Relay } from '../../base/mail.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { Secret } from '../../base/secret.ts';

export const settings = {
  type: 'object',
  properties: {
    channels: {
      type: 'object',
      description:
        'name → { log: true }, { webhook: URL, secret: token for its Authorization header }, { slack: URL }, { smtp: smtp://host:port, from: address, to: addresses, user, password } or { syslog: tls://host:port }',
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
  | { readonly kind: 'smtp'; readonly relay: Relay }
  | { readonly kind: 'syslog'; readonly outlet: Outlet; readonly facility: number; readonly host: string };

/** The configured channels by name. Throws what is wrong with them: the schema has no word for a map. */
export function parseChannels({ channels, default: fallback }: Settings): ReadonlyMap<string, Channel> {
  const parsed = new Map(Object.entries(channels).map(([name, channel]) => [name, parseChannel(name, channel)]));
  if (fallback !== undefined && !parsed.has(fallback)) {
    throw new Error(`default: there is no channel "${fallback}"; known: ${[...parsed.keys()].join(', ')}`);
  }
  return parsed;
}

const KINDS =
  '{ log: true }, { webhook: URL }, { slack: URL }, { smtp: smtp://host:port } or { syslog: tls://host:port }';
const KEYS = {
  log: [],
  webhook: ['secret'],
  slack: [],
  smtp: ['from', 'to', 'user', 'password', 'starttls'],
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
      return { kind, ...parseWebhook(given[kind], kind, wrong), ...bearer(given['secret'], wrong) };
    case 'smtp':
      return { kind, relay: parseRelay(given, wrong) };
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

function bearer(secret: unknown, wrong: Wrong): { readonly secret?: Secret } {
  return secret === undefined ? {} : { secret: secretOf(secret, 'secret', wrong) };
}

function secretOf(given: unknown, key: string, wrong: Wrong): Secret {
  const secret = typeof given === 'string' ? new Secret(given) : given;
  if (!(secret instanceof Secret)) throw wrong(`${key} must be a reference to a secret`);
  return secret;
}

/** Of submission with STARTTLS (RFC 6409, 3.1) and over TLS (RFC 8314, 3.3). */
const SUBMISSION = { smtp: 587, smtps: 465 } as const;

const MOST_RECIPIENTS = 50;

/** As browsers take it (HTML, "Valid email address"): nothing that means something in SMTP or a header. */
const ADDRESS = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/;

function parseRelay(given: { readonly [key: string]: unknown }, wrong: Wrong): Relay {
  const { smtp, from, to, user, password, starttls = true } = given;
  const [, scheme, host = '', port] =
    /^(smtps?):\/\/(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+)(?::(\d{1,5}))?$/.exec(String(textOf(smtp))) ?? [];
  if (scheme !== 'smtp' && scheme !== 'smtps') throw wrong('smtp must be smtp://host:port or smtps://host:port');
  const number = Number(port ?? SUBMISSION[scheme]);
  if (number < 1 || number > 65_535) throw wrong('smtp must be smtp://host:port or smtps://host:port');
  if (!isAddress(from)) throw wrong('from must be an e-mail address: backline@example.org');
  const addresses: readonly unknown[] = Array.isArray(to) ? to : [to];
  if (addresses.length === 0 || addresses.length > MOST_RECIPIENTS || !addresses.every(isAddress))
    throw wrong(`to must be an e-mail address or a list of up to ${MOST_RECIPIENTS} of them`);
  if (typeof starttls !== 'boolean') throw wrong('starttls must be true or false');
  if (!starttls && scheme === 'smtps')
    throw wrong('starttls does not belong to smtps, which is TLS from the first byte');
  if ((user === undefined) !== (password === undefined)) throw wrong('user and password belong together');
  if (!starttls && user !== undefined) throw wrong('starttls: false sends no password; leave user and password out');
  const login = textOf(user);
  if (login !== undefined && (typeof login !== 'string' || login === '')) throw wrong('user must be a text');
  return {
    host: host.replaceAll(/[[\]]/g, ''),
    port: number,
    security: scheme === 'smtps' ? 'tls' : starttls ? 'starttls' : 'none',
    from,
    to: [...new Set(addresses)],
    ...(login === undefined ? {} : { login: { user: login, password: secretOf(password, 'password', wrong) } }),
  };
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 254 && ADDRESS.test(value);
}

/** RFC 5424, 6.2.1: local0 to local7 are for whoever wants them. */
const LOCAL0 = 16;

function parseSyslog(given: { readonly [key: string]: unknown }, wrong: Wrong): Channel {
  const { syslog, framing, facility = 'local0', host: sender = 'backline' } = given;
  const collector = parseCollector(String(textOf(syslog)));
  if (collector === undefined) throw wrong('syslog must be tls://host:port, tcp://host:port or udp://host:port');
  if (framing !== undefined && framing !== 'newline' && framing !== 'octets')
    throw wrong('framing must be newline or octets');
  const number = /^local([0-7])$/.exec(String(facility))?.[1];
  if (number === undefined) throw wrong('facility must be local0 to local7');
  if (typeof sender !== 'string' || !/^[!-~]{1,255}$/.test(sender))
    throw wrong('host must be a name of printable ASCII without spaces');
  const outlet: Outlet = {
    ...collector,
    // RFC 5425, 4.3: over TLS lines are counted.
    framing: framing ?? (collector.transport === 'tls' ? 'octets' : 'newline'),
  };
  return { kind: 'syslog', outlet, facility: LOCAL0 + Number(number), host: sender };
}

function textOf(value: unknown): unknown {
  return value instanceof Secret ? value.reveal() : value;
}
