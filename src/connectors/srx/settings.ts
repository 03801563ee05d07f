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
      enum: ['feed', 'netconf'],
      description: 'how addresses reach the firewalls: by a list that they fetch, or by their configuration; feed',
    },
    feeds: {
      type: 'string',
      minLength: 1,
      description: "feed: where Backline's feeds are served, for example http://127.0.0.1:7410",
    },
    ca: { type: 'string', description: 'PEM of the authorities to trust, where the feeds are served over TLS' },
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
    host: { type: 'string', minLength: 1, description: 'netconf: name or address of the firewall, or of its cluster' },
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'netconf: 830' },
    user: { type: 'string', minLength: 1, description: 'netconf: account of the firewall' },
    password: { type: 'string', minLength: 1, 'x-secret': true, description: 'netconf: of the account' },
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
      description: 'netconf: the address set of the global address book that a policy denies',
    },
    candidate: {
      type: 'string',
      enum: ['exclusive', 'private'],
      description:
        'netconf: exclusive locks the configuration and commits on confirmation; private has a copy of its own, and no confirmation; exclusive',
    },
    confirm: {
      type: 'string',
      format: 'duration',
      description: 'netconf: after so long without confirmation the firewall takes a commit back, 1m to 10m; 5m',
    },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;

/** What the way `feed` has to have. */
export type FeedSettings = Settings & Required<Pick<Settings, 'feeds' | 'token' | 'list'>>;

/** What the way by configuration has to have. */
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

export function configurationSettings(given: Settings): ConfigurationSettings {
  const { host, user, address_set } = given;
  if (host === undefined || user === undefined || address_set === undefined)
    throw new Error(`way ${given.way ?? ''} needs ${missing(given, ['host', 'user', 'address_set'])}`);
  return { ...given, host, user, address_set };
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
  const { address_set: set, host_keys: hostKeys = [], key, password, confirm } = configurationSettings(given);
  // What Junos takes for a name (vendor), and nothing that a line of configuration would read otherwise.
  if (!/^[A-Za-z0-9][\w.:-]{0,62}$/.test(set))
    throw new Error(`address_set: ${JSON.stringify(set)} is no name of an address set`);
  if (key === undefined && password === undefined) throw new Error('way netconf needs password or key');
  if (hostKeys.length === 0)
    throw new Error('way netconf needs host_keys: without a pinned host key nobody knows who gets the login');
  for (const text of hostKeys)
    if (!/^SHA256:[A-Za-z0-9+/]{43}$/.test(text))
      throw new Error(
        `host_keys: ${JSON.stringify(text)} is no fingerprint; it has the form SHA256:…, without = at its end`,
      );
  const minutes = minutesOf(given);
  if (minutes < 1 || minutes > CONFIRM_MOST)
    throw new Error(`confirm: ${confirm ?? ''} is not between 1m and ${CONFIRM_MOST}m`);
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
