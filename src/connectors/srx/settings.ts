import type { Place } from '../../action/feed-entry.ts';
import type { Milliseconds } from '../../base/duration.ts';
import { parseDuration } from '../../base/duration.ts';
import { parseNetwork } from '../../base/network.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';

export const settings = {
  type: 'object',
  properties: {
    way: {
      type: 'string',
      enum: ['feed', 'netconf', 'rest'],
      description: 'how addresses reach the firewalls: by a list that they fetch, or by their configuration; feed',
    },
    feeds: {
      type: 'string',
      minLength: 1,
      description: "feed: where Backline's feeds are served, for example http://127.0.0.1:7410",
    },
    ca: { type: 'string', description: 'feed, rest: PEM of the authorities to trust, in place of the system’s' },
    token: { type: 'string', minLength: 1, 'x-secret': true, description: 'feed: feeds.token of the configuration' },
    list: { type: 'string', minLength: 1, description: 'feed: the list of addresses that the firewalls drop' },
    firewalls: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description:
        'feed: addresses of the firewalls that must have fetched a change; if not given, any reader of the list is enough',
    },
    interval: {
      type: 'string',
      format: 'duration',
      description: 'feed: update-interval of the firewalls; 5m, as theirs is',
    },
    url: {
      type: 'string',
      minLength: 1,
      description: 'rest: of the REST API, for example https://srx1.example.org:3443',
    },
    pinned: {
      type: 'string',
      minLength: 64,
      description: 'rest: SHA-256 fingerprint of the one certificate to trust',
    },
    stop: {
      type: 'string',
      minLength: 1,
      description: 'rest: name in the query that lets the firewall stop at the first error; stop-on-error',
    },
    host: { type: 'string', minLength: 1, description: 'netconf: name or address of the firewall, or of its cluster' },
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'netconf: 830' },
    user: { type: 'string', minLength: 1, description: 'netconf, rest: account of the firewall' },
    password: { type: 'string', minLength: 1, 'x-secret': true, description: 'netconf, rest: of the account' },
    key: {
      type: 'string',
      minLength: 1,
      'x-secret': true,
      description: 'netconf: private key of the account, in place of the password; as OpenSSH or PEM has it',
    },
    passphrase: { type: 'string', minLength: 1, 'x-secret': true, description: 'netconf: of the private key' },
    host_keys: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description: 'netconf: fingerprints of the host keys to trust, as `ssh-keygen -l` prints them: SHA256:…',
    },
    address_set: {
      type: 'string',
      minLength: 1,
      description: 'netconf, rest: the address set of the global address book that a policy denies',
    },
    candidate: {
      type: 'string',
      enum: ['exclusive', 'private'],
      description:
        'netconf, rest: exclusive locks the configuration and commits on confirmation; private has a copy of its own, and no confirmation; exclusive',
    },
    confirm: {
      type: 'string',
      format: 'duration',
      description: 'netconf, rest: after so long without confirmation the firewall takes a commit back, 1m to 10m; 5m',
    },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;

/** What the way `feed` has to have. */
export type FeedSettings = Settings & Required<Pick<Settings, 'feeds' | 'token' | 'list'>>;

/** Through what an action goes. */
export function throughOf(given: Settings): readonly string[] {
  return [isByFeed(given) ? 'default' : 'device'];
}

/** What the ways by configuration have to have. */
export type ConfigurationSettings = Settings & Required<Pick<Settings, 'host' | 'user' | 'address_set'>>;

const MINUTE: Milliseconds = 60_000;
/** The clock of a confirmation goes by whole minutes (vendor). */
const CONFIRM_MOST = 10;

/** Throws where something is missing for the way, or makes no sense. */
export function checkSettings(given: Settings): void {
  if (isByFeed(given)) checkFeed(feedSettings(given));
  else checkConfiguration(given);
}

export function isByFeed({ way = 'feed' }: Settings): boolean {
  return way === 'feed';
}

export function feedSettings(given: Settings): FeedSettings {
  const { feeds, token, list } = given;
  if (feeds === undefined || token === undefined || list === undefined)
    throw new Error(`way feed needs ${missing(given, ['feeds', 'token', 'list'])}`);
  return { ...given, feeds, token, list };
}

/** The host of the way `rest` is that of its URL. */
export function configurationSettings(given: Settings): ConfigurationSettings {
  const { way = '', url = '', user, address_set } = given;
  const host = way === 'rest' ? hostOf(url) : given.host;
  if (host === undefined || user === undefined || address_set === undefined)
    throw new Error(`way ${way} needs ${missing(given, [way === 'rest' ? 'url' : 'host', 'user', 'address_set'])}`);
  return { ...given, host, user, address_set };
}

/** Undefined where it is not the URL of a REST API: nothing but scheme, host and port. */
function hostOf(url: string): string | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) return undefined;
  const isPlain = [parsed.username, parsed.password, parsed.search, parsed.hash].every(part => part === '');
  return isPlain && parsed.pathname === '/' ? parsed.hostname.replace(/^\[|\]$/g, '') : undefined;
}

function missing(given: Settings, names: readonly (keyof Settings)[]): string {
  return names.filter(name => given[name] === undefined).join(', ');
}

function checkFeed({ list, firewalls = [] }: FeedSettings): void {
  if (!/^[a-z][a-z0-9-]*$/.test(list)) throw new Error(`list: ${JSON.stringify(list)} is no name of a list`);
  for (const text of firewalls)
    if (parseNetwork(text) === undefined || text.includes('/'))
      throw new Error(`firewalls: ${JSON.stringify(text)} is no address`);
}

function checkConfiguration(given: Settings): void {
  if (given.way === 'rest' && given.url !== undefined && hostOf(given.url) === undefined)
    throw new Error('url: it must be http(s)://host:port, without user, path, query or fragment');
  const { address_set: set, confirm } = configurationSettings(given);
  // What Junos takes for a name (vendor), and nothing that a line of configuration would read otherwise.
  if (!/^[A-Za-z0-9][\w.:-]{0,62}$/.test(set))
    throw new Error(`address_set: ${JSON.stringify(set)} is no name of an address set`);
  if (given.way === 'rest') checkRest(given);
  else checkNetconf(given);
  const minutes = minutesOf(given);
  if (minutes < 1 || minutes > CONFIRM_MOST)
    throw new Error(`confirm: ${confirm ?? ''} is not between 1m and ${CONFIRM_MOST}m`);
}

function checkNetconf({ host_keys: hostKeys = [], key, password }: Settings): void {
  if (key === undefined && password === undefined) throw new Error('way netconf needs password or key');
  if (hostKeys.length === 0)
    throw new Error('way netconf needs host_keys: without a pinned host key nobody knows who gets the login');
  for (const text of hostKeys)
    if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(text))
      throw new Error(
        `host_keys: ${JSON.stringify(text)} is no fingerprint; it has the form SHA256:…, without = at its end`,
      );
}

function checkRest({ password }: Settings): void {
  if (password === undefined) throw new Error('way rest needs password');
}

/** Until a commit that is not confirmed is taken back. */
export function minutesOf({ confirm = '5m' }: Settings): number {
  return Math.ceil((parseDuration(confirm) ?? 0) / MINUTE);
}

export function intervalOf({ interval = '5m' }: FeedSettings): Milliseconds {
  return parseDuration(interval) ?? 0;
}

/** Where an address stands on the list. */
export function placeOf({ list }: FeedSettings, ip: string): Place {
  return { list, value: ip };
}
