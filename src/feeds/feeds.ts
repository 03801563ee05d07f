import type { Instant } from '../base/clock.ts';
import type { Secret } from '../base/secret.ts';
import type { Log } from '../base/service.ts';
import type { Readers } from './access.ts';
import { mayChange, refuseReader } from './access.ts';
import { answerChange } from './admin.ts';
import { FeedBook } from './book.ts';
import type { Feed } from './entry.ts';
import { Fetches } from './fetches.ts';
import type { FeedKeeper } from './keeper.ts';
import { Listings } from './listings.ts';
import type { Protection } from './protection.ts';
import { resourceAt } from './resources.ts';
import { Shelf, serveContent } from './shelf.ts';

export interface FeedsOptions {
  readonly feeds: readonly Feed[];
  readonly keeper: FeedKeeper;
  /** Asked at every change and at every listing: the same object as long as nothing in it changes. */
  readonly protection: () => Protection;
  readonly readers: Readers;
  /** Of Backline, for people: never what a request says of itself. */
  readonly url: string;
  /** Of whoever changes feeds. */
  readonly token: Secret;
  readonly now: () => Instant;
  readonly log: Log;
}

/** One exchange; `client` is the address that it came from. */
export type FeedsDoor = (request: Request, client: string) => Promise<Response>;

/**
 * Lists that Backline serves for firewalls and other products to fetch: a plain text for each, an archive for SRX, the
 * manifest form of SecIntel, and feeds for Carbon Black. In come requests; out go the lists as they are now, or changes of
 * them, which are on disk before they are answered. What is protected is never in a list.
 *
 *     GET, HEAD   /<feed>.txt  /srx.tgz  /<feed>.cb.json  /secintel/manifest.xml  /secintel/schema.xml  /secintel/<feed>
 *     GET, PUT, DELETE   /api/feeds/<feed>/entry?value=…   GET /api/feeds/<feed>     with the token, from this machine
 */
export async function openFeeds(options: FeedsOptions): Promise<FeedsDoor> {
  const { feeds, keeper, protection, readers, url, token, now, log } = options;
  const books = new Map<string, FeedBook>();
  for (const feed of feeds) books.set(feed.name, await FeedBook.open({ feed, keeper, protection }));
  const listings = new Listings(protection);
  const fetches = new Fetches();
  const shelf = new Shelf();

  return async (request, client) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/api/')) {
      if (mayChange(request, client, token)) return answerChange(request, { books, listings, fetches, now: now() });
      log.warn({ client }, 'a change of feeds was refused: wrong token, or not from this machine');
      return new Response('Unauthorized\n', { status: 401, headers: { 'www-authenticate': 'Bearer' } });
    }
    const refused = refuseReader(request, client, readers);
    if (refused !== undefined) {
      log.warn({ client, path: pathname.slice(0, 200), status: refused.status }, 'a reader of feeds was refused');
      return refused;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response('Method Not Allowed\n', { status: 405, headers: { allow: 'GET, HEAD' } });
    const at = now();
    const resource = resourceAt(pathname, { books, listings, now: at, url });
    if (resource === undefined) return new Response('Not Found\n', { status: 404 });
    const answer = serveContent(request, shelf.get(pathname, resource.stamp, at, resource.make), resource.type);
    // Whoever is told that nothing is new has what there is.
    const hasIt = answer.status === 304 || request.method === 'GET';
    for (const { name, version } of resource.feeds)
      fetches.note(name, client, { at, version: hasIt ? version : undefined });
    return answer;
  };
}
