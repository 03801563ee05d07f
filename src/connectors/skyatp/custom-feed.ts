import { Refusal } from '../../action/http-answer.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { HttpRequest } from '../../base/http.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { taken, takenChange } from './answer.ts';
import type { Wire } from './client.ts';
import { indicatorInput, indicatorOf } from './indicator.ts';
import type { Settings } from './settings.ts';

/** A custom feed of the realm, by the name and the words that its path has: `cc/ip`, `ipfilter`, `DNS`. */
export interface CustomFeed {
  readonly name: string;
  readonly path: readonly string[];
  readonly kind: 'ip' | 'domain' | 'url';
  /** Whether its lines have a threat level: `evil.example,9`. */
  readonly hasLevels: boolean;
}

/** One entry, as an input says it. */
export const entryProperties = {
  feed: { type: 'string', minLength: 1, maxLength: 64, description: 'name of one of the feeds of the settings' },
  ...indicatorInput.properties,
} as const satisfies { readonly [name: string]: JsonSchema };

export const entryInput = {
  type: 'object',
  properties: entryProperties,
  required: ['feed'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Asked = FromSchema<typeof entryInput>;

/** Throws where the settings name a feed in another way than `cc/ip/<name>`, name one twice, or do not say where they are. */
export function feedsOf({ feeds = [], feeds_url: url }: Settings): ReadonlyMap<string, CustomFeed> {
  if (feeds.length > 0 && url === undefined) throw new Error('feeds: feeds_url must say where custom feeds are');
  const known = new Map<string, CustomFeed>();
  for (const text of feeds) {
    const feed = parseFeed(text);
    if (known.has(feed.name)) throw new Error(`feeds: ${JSON.stringify(feed.name)} is there twice`);
    known.set(feed.name, feed);
  }
  return known;
}

/** Names have 8 to 64 characters (vendor's reference); which ones is not documented. */
function parseFeed(text: string): CustomFeed {
  const [, type, kind, name] = /^(?:(cc)\/(ip|domain|url)|ipfilter|DNS)\/([A-Za-z0-9_-]{8,64})$/.exec(text) ?? [];
  if (name === undefined)
    throw new Error(
      `feeds: must be cc/ip/<name>, cc/domain/<name>, cc/url/<name>, ipfilter/<name> or DNS/<name> with a name of 8 to 64 letters, digits, "_" and "-", is ${JSON.stringify(text)}`,
    );
  if (type === 'cc' && kind !== undefined)
    return { name, path: ['cc', kind], kind: kind as CustomFeed['kind'], hasLevels: true };
  if (text.startsWith('DNS/')) return { name, path: ['DNS'], kind: 'domain', hasLevels: true };
  return { name, path: ['ipfilter'], kind: 'ip', hasLevels: false };
}

/** Which entry of which feed. Throws a refusal where the feed is none of ours, or not for what is to be in it. */
export function entryOf(asked: Asked, settings: Settings): { readonly feed: CustomFeed; readonly value: string } {
  const feeds = feedsOf(settings);
  const feed = feeds.get(asked.feed);
  if (feed === undefined) {
    const known = [...feeds.keys()];
    const names = known.length === 0 ? 'which name none' : `which name ${known.join(', ')}`;
    throw invalid(
      `feed ${JSON.stringify(asked.feed)} is not in the settings, ${names}${didYouMean(asked.feed, known)}`,
    );
  }
  const { ip, domain, url } = asked;
  const { kind, value } = indicatorOf({
    ...(ip === undefined ? {} : { ip }),
    ...(domain === undefined ? {} : { domain }),
    ...(url === undefined ? {} : { url }),
  });
  if (kind !== feed.kind) throw invalid(`feed ${feed.name} holds ${feed.kind} entries, and not ${kind}`);
  return { feed, value };
}

/**
 * Adds an entry, or gives it another level. What is asked of the product is processed later (202). That there is such a feed
 * is not looked for: its content cannot be read.
 */
export async function addToFeed(wire: Wire, feed: CustomFeed, line: string): Promise<void> {
  const body = { parts: [{ name: 'file', file: 'entries.csv', bytes: Buffer.from(`${line}\n`) }] };
  const answer = await send(wire, 'PATCH', feed, 'file', body);
  if (answer.status === 404) {
    const detail = `feed ${feed.name}: status 404. A feed is created once, by hand: see the README`;
    throw new Refusal({ kind: 'failed', reason: 'not-found', detail });
  }
  takenChange(answer, `feed ${feed.name}`);
}

/** Whether there was a feed to remove from. A 404 says that there is none, and so is a wrong URL answered: hence the ping. */
export async function removeFromFeed(wire: Wire, feed: CustomFeed, value: string): Promise<boolean> {
  const answer = await send(wire, 'DELETE', feed, 'param', { parts: [{ name: 'server', text: value }] });
  if (answer.status === 404) {
    const { http, signal } = wire;
    const ping = await http({ method: 'GET', endpoint: 'feeds', path: ['v1', 'cloudfeeds', 'ping'], signal });
    taken(ping, `feed ${feed.name}: status 404, and ping`);
    return false;
  }
  takenChange(answer, `feed ${feed.name}`);
  return true;
}

function send(
  { http, signal, settings: { version = 'v2' } }: Wire,
  method: HttpRequest['method'],
  { name, path: [type = '', ...kind] }: CustomFeed,
  one: 'file' | 'param',
  body: NonNullable<HttpRequest['body']>,
) {
  const path = [version, 'cloudfeeds', type, one, ...kind, name];
  return http({ method, endpoint: 'feeds', path, body, signal });
}

function invalid(detail: string): Refusal {
  return new Refusal({ kind: 'failed', reason: 'invalid-input', detail });
}
