import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { FeedBook } from './book.ts';
import { canonicalValue } from './entry.ts';
import type { Fetches } from './fetches.ts';
import type { Listings } from './listings.ts';

interface World {
  readonly books: ReadonlyMap<string, FeedBook>;
  readonly listings: Listings;
  readonly fetches: Fetches;
  readonly now: Instant;
}

const LONGEST_BODY = 16_384;

/** For whoever may change feeds: how one stands, how an entry stands and who has it, and changes. */
export async function answerChange(request: Request, world: World): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const [, name = '', entry] = /^\/api\/feeds\/([a-z0-9-]+)(\/entry)?$/.exec(pathname) ?? [];
  const book = world.books.get(name);
  if (book === undefined) return said('there is no such feed', 404);
  if (entry === undefined)
    return request.method === 'GET' ? Response.json(describeFeed(book, world)) : said('only GET', 405);
  const given = searchParams.get('value') ?? '';
  const value = canonicalValue(book.feed.kind, given);
  if (value === undefined) return said(`${JSON.stringify(given.slice(0, 100))} is no ${book.feed.kind}`, 422);
  switch (request.method) {
    case 'GET':
      return Response.json(describeEntry(book, value, world));
    case 'PUT':
      return put(request, book, value, world);
    case 'DELETE':
      await book.remove(value, world.now);
      return Response.json(describeEntry(book, value, world));
    default:
      return said('only GET, PUT and DELETE', 405);
  }
}

async function put(request: Request, book: FeedBook, value: string, world: World): Promise<Response> {
  const wish = await readWish(request);
  if (wish === undefined) return said('the body must be JSON: { expires?: time, note?: text }', 422);
  const changed = await book.put({ value, ...wish }, world.now);
  if ('refused' in changed) return said(changed.detail, changed.refused === 'full' ? 409 : 422);
  return Response.json(describeEntry(book, value, world));
}

async function readWish(request: Request): Promise<{ readonly expires?: Instant; readonly note?: string } | undefined> {
  const text = await request.text();
  if (text.length > LONGEST_BODY) return undefined;
  const body = parse(text);
  if (!isObject(body)) return undefined;
  const { expires, note } = body;
  const until = typeof expires === 'string' ? Date.parse(expires) : undefined;
  if (
    (expires !== undefined && (until === undefined || Number.isNaN(until))) ||
    (note !== undefined && typeof note !== 'string')
  )
    return undefined;
  return {
    ...(until === undefined ? {} : { expires: until }),
    ...(note === undefined ? {} : { note: note.slice(0, 200) }),
  };
}

function parse(text: string): Json | undefined {
  try {
    return text === '' ? {} : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

function describeFeed(book: FeedBook, { listings, fetches, now }: World): JsonObject {
  const { name, kind, most } = book.feed;
  const { values, withheld } = listings.of(book, now);
  return {
    name,
    kind,
    most,
    version: book.version,
    listed: values.length,
    withheld,
    readers: readersOf(name, fetches),
  };
}

/** `version` is the feed's: a reader that has fetched it, or a later one, knows how this entry stands. */
function describeEntry(book: FeedBook, value: string, { fetches, now }: World): JsonObject {
  const entry = book.entry(value);
  const isLive = entry !== undefined && (entry.expires ?? Infinity) > now;
  const reason = isLive ? book.whyProtected(value) : undefined;
  return {
    value,
    listed: isLive && reason === undefined,
    version: book.version,
    ...(isLive ? { since: entry.version, added: formatInstant(entry.added) } : {}),
    ...(isLive && entry.expires !== undefined ? { expires: formatInstant(entry.expires) } : {}),
    ...(reason === undefined ? {} : { withheld: reason }),
    readers: readersOf(book.feed.name, fetches),
  };
}

function readersOf(feed: string, fetches: Fetches): JsonObject[] {
  return fetches.of(feed).map(({ client, seen, fetched, version }) => ({
    client,
    seen: formatInstant(seen),
    ...(fetched === undefined || version === undefined ? {} : { fetched: formatInstant(fetched), version }),
  }));
}

function said(message: string, status: number): Response {
  return Response.json({ message }, { status });
}
