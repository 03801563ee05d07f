import type { Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { JsonObject } from '../../base/json.ts';

export interface FeedOptions {
  /** How long the cloud takes to process what it has accepted; 10 seconds if not given, as public scripts wait. */
  readonly processing?: Milliseconds;
}

export interface FeedControls {
  /** An administrator creates an empty custom feed: `cc/ip/<name>`, `ipfilter/<name>`, `DNS/<name>`. */
  createFeed(feed: string): void;
  /** The lines of a feed as firewalls get them now: what is accepted and not yet processed is not in it. */
  feedLines(feed: string): readonly string[];
}

interface Site {
  now(): Instant;
  requestId(): string;
  said(message: string, status: 400 | 404 | 422 | 429): Response;
}

interface Feeds extends FeedControls {
  answer(request: Request, feed: string, isFile: boolean): Promise<Response>;
  nextMinute(): void;
  state(): JsonObject;
}

interface Change {
  readonly due: Instant;
  readonly lines: ReadonlyMap<string, string>;
}

/** Requests in a minute (vendor); of feeds of ipfilter none are documented. */
const PER_MINUTE: ReadonlyMap<string, number> = new Map([
  ['cc', 60],
  ['DNS', 50],
]);

/**
 * Custom feeds: accepted with 202, processed later, and without a way to read them. Recorded answers. `server=*` removes the
 * whole feed, as it does in public scripts.
 */
export function openFeeds({ now, requestId, said }: Site, { processing = 10_000 }: FeedOptions): Feeds {
  /** Each feed with its versions, the accepted one last. */
  const feeds = new Map<string, Change[]>();
  const requests = new Map<string, number>();

  const accepted = (feed: string): ReadonlyMap<string, string> => feeds.get(feed)?.at(-1)?.lines ?? new Map();
  const accept = (feed: string, lines: ReadonlyMap<string, string>): void =>
    void feeds.get(feed)?.push({ due: now() + processing, lines });

  return {
    createFeed: feed => void feeds.set(feed, [{ due: 0, lines: new Map() }]),
    feedLines: feed => [
      ...(feeds
        .get(feed)
        ?.findLast(({ due }) => due <= now())
        ?.lines.values() ?? []),
    ],
    async answer(request, feed, isFile) {
      const type = feed.split('/')[0] ?? '';
      const count = (requests.get(type) ?? 0) + 1;
      requests.set(type, count);
      if (count > (PER_MINUTE.get(type) ?? Infinity)) return said('too many requests', 429);
      if (!feeds.has(feed)) return said('feed not found', 404);
      const form = await request.formData().catch(() => undefined);
      const given = form?.get(isFile ? 'file' : 'server');
      if (request.method === 'PATCH' && given instanceof File) {
        const lines = (await given.text()).split('\n').filter(line => line !== '');
        const wrong = lines.find(line => !isLine(type, line));
        if (wrong !== undefined) return said(`cannot read ${JSON.stringify(wrong)}`, 422);
        accept(feed, new Map([...accepted(feed), ...lines.map(line => [line.split(',')[0] ?? '', line] as const)]));
        return Response.json({ request_id: requestId() }, { status: 202 });
      }
      if (request.method === 'DELETE' && typeof given === 'string') {
        if (given === '*') feeds.delete(feed);
        else accept(feed, new Map([...accepted(feed)].filter(([value]) => value !== given)));
        return Response.json({ message: 'Successfully deleted feed.', request_id: requestId() });
      }
      return said(`${isFile ? 'file' : 'server'} is missing`, 400);
    },
    nextMinute: () => requests.clear(),
    state: () => ({ feeds: Object.fromEntries([...feeds.keys()].map(feed => [feed, [...accepted(feed).values()]])) }),
  };
}

function isLine(type: string, line: string): boolean {
  return type === 'ipfilter' ? !line.includes(',') : /^[^,]+,([1-9]|10)$/.test(line);
}
