import { Refusal, malformed } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { idOf, readFeeds } from './client-feeds.ts';

/*
 * A feed is known by the URL that the server fetches it from: it is what a playbook knows before the server has given the
 * feed an id, and what is the same after it was deleted and registered again. The server takes one URL for several feeds;
 * then it is not clear which is meant, and nothing is done.
 */

/** The input of all that concerns one feed. */
export const feedUrl = {
  type: 'string',
  minLength: 1,
  maxLength: 2_048,
  'x-target': 'url',
  description:
    'that the server fetches the feed from; of a list of Backline https://<its feeds>/<list>.cb.json, as the server reaches it',
} as const satisfies JsonSchema;

export const feedProperties = {
  id: { type: 'integer' },
  name: { type: 'string', description: 'as searches and alerts have it: letters and digits' },
  url: { type: 'string' },
  enabled: { type: 'boolean' },
} as const satisfies { readonly [name: string]: JsonSchema };

/** What the actions on one feed give back. */
export const feedStateSchema = {
  type: 'object',
  properties: feedProperties,
  required: ['id', 'name', 'url', 'enabled'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type FeedState = FromSchema<typeof feedStateSchema>;

export function feedState({ id, name, url, enabled }: FeedState): FeedState {
  return { id, name, url, enabled };
}

export const feedSchema = {
  type: 'object',
  properties: {
    ...feedProperties,
    display_name: { type: 'string' },
    provider: { type: 'string', description: 'address of its provider, for people' },
    summary: { type: 'string' },
    added_by_hand: { type: 'boolean', description: "false for the vendor's own" },
  },
  required: ['id', 'name', 'url', 'enabled', 'added_by_hand'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Feed = FromSchema<typeof feedSchema>;

export const FEED_RIGHTS = ['manage feeds, as a global administrator may'];

/** Reads a row of the product's list, as recorded from 6.2. Never its user name and password. */
export function parseFeed(raw: JsonObject): Feed {
  const { name, feed_url: url, enabled, manually_added: byHand } = raw;
  if (typeof name !== 'string' || typeof url !== 'string' || typeof enabled !== 'boolean')
    throw malformed('feed: no name, no feed_url, or nothing on whether it is enabled');
  return {
    id: idOf(raw, 'feed'),
    name,
    url,
    enabled,
    ...text('display_name', raw['display_name']),
    ...text('provider', raw['provider_url']),
    ...text('summary', raw['summary']),
    added_by_hand: byHand === true,
  };
}

export interface Registered {
  readonly feed: Feed;
  readonly raw: JsonObject;
}

/** The feed of this URL, or undefined when there is none. Throws where there are several. */
export async function findFeed(wire: Wire, url: string): Promise<Registered | undefined> {
  const wanted = canonicalUrl(url);
  // A row that makes no sense must not hide the others, unless it is the one.
  const rows = (await readFeeds(wire)).filter(({ feed_url: own }) => canonicalUrl(String(own)) === wanted);
  const [raw, ...others] = rows;
  if (raw === undefined) return undefined;
  const feed = parseFeed(raw);
  if (others.length === 0) return { feed, raw };
  const ids = rows.map(row => String(row['id'])).join(', ');
  const detail = `${rows.length} feeds have the URL ${url}: ${ids}`;
  throw new Refusal({ kind: 'failed', reason: 'ambiguous', detail });
}

/** As above, where there must be one. */
export async function theFeed(wire: Wire, url: string): Promise<Registered> {
  const found = await findFeed(wire, url);
  if (found !== undefined) return found;
  throw new Refusal({ kind: 'failed', reason: 'not-found', detail: `no feed has the URL ${url}` });
}

export function describeFeed(feed: Feed | undefined): string {
  if (feed === undefined) return 'not registered';
  return feed.enabled ? 'enabled' : 'disabled';
}

/** Why a feed cannot be registered under a URL, or undefined where it can. */
export function wrongWith(url: string): string | undefined {
  if (!URL.canParse(url)) return `${JSON.stringify(url)} is no URL`;
  const { protocol, username, password } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return `a feed is registered by http or https, not ${protocol}`;
  if (username !== '' || password !== '')
    return 'a URL with a user name or a password in it would show them to everybody';
  return undefined;
}

function canonicalUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

function text<K extends string>(name: K, value: unknown): { readonly [P in K]?: string } {
  return (typeof value === 'string' && value !== '' ? { [name]: value } : {}) as { readonly [P in K]?: string };
}
