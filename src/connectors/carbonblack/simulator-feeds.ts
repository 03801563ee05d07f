import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { FeedDocument, FeedReport } from './simulator-feed-document.ts';
import { parseFeedDocument } from './simulator-feed-document.ts';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

/** A hit of a feed on a process. */
export interface FeedHit {
  readonly feed: { readonly id: number; readonly name: string };
  readonly report: Pick<FeedReport, 'id' | 'title' | 'link' | 'score'>;
  readonly ioc: { readonly type: string; readonly value: string };
  /** Whether the feed has the alert action. */
  readonly alerts: boolean;
}

export interface FeedControls {
  /** A feed that is registered already, without a fetch. Gives its id. */
  putFeed(feed: {
    readonly url: string;
    readonly name: string;
    readonly enabled?: boolean;
    readonly byHand?: boolean;
  }): number;
}

export interface Feeds extends FeedControls {
  /** What the feeds that are enabled have of these addresses, domains and hashes. */
  hitsOn(values: readonly string[]): readonly FeedHit[];
  /** Whether a feed has been synchronised since this was asked last: what is known already is to be matched anew. */
  hasNews(): boolean;
  state(): Json;
}

interface Feed {
  row: JsonObject;
  reports: ReadonlyMap<string, FeedReport>;
  actions: readonly JsonObject[];
}

/** The server's own door gives up after a minute (vendor). */
const PATIENCE = 60_000;

/**
 * Feeds, which are really fetched, over HTTP, when they are registered and when they are synchronised; a 500 where that
 * fails. The same URL makes another feed. An incremental synchronisation takes new reports and those with a later time,
 * a full one also drops what is gone.
 */
export function openFeeds({ app }: Site): Feeds {
  const feeds = new Map<number, Feed>();
  let actionCount = 0;
  let hasNews = false;

  const found = (id: string): Feed | undefined => feeds.get(Number(id));

  function add(row: JsonObject, reports: readonly FeedReport[]): number {
    const id = Math.max(0, ...feeds.keys()) + 1;
    feeds.set(id, { row: { ...row, id }, reports: byId(reports), actions: [] });
    hasNews = true;
    return id;
  }

  app.get('/api/v1/feed', c =>
    c.json(
      [...feeds.values()].map(({ row }) => row),
      200,
      HEADERS,
    ),
  );
  app.post('/api/v1/feed', async c => {
    const body = await c.req.json<Json>().catch(() => null);
    const url = isObject(body) ? body['feed_url'] : undefined;
    if (!isObject(body) || typeof url !== 'string') return c.text('Bad Request', 400);
    const document = await fetchFeed(url);
    if ('wrong' in document) return c.text(`Could not retrieve feed: ${document.wrong}`, 500);
    const id = add(feedRow({ ...document.info, ...body, manually_added: true }), document.reports);
    return c.json(feeds.get(id)?.row ?? null, 200, HEADERS);
  });
  app.put('/api/v1/feed/:id', async c => {
    const feed = found(c.req.param('id'));
    const body = await c.req.json<Json>().catch(() => null);
    if (feed === undefined || !isObject(body)) return c.text('Not Found', 404);
    feed.row = { ...feed.row, ...body };
    return c.json(feed.row, 200, HEADERS);
  });
  app.delete('/api/v1/feed/:id', c =>
    feeds.delete(Number(c.req.param('id'))) ? c.json({ result: 'success' }, 200, HEADERS) : c.text('Not Found', 404),
  );
  app.post('/api/v1/feed/:id/synchronize', async c => {
    const feed = found(c.req.param('id'));
    const body = await c.req.json<Json>().catch(() => null);
    if (feed === undefined) return c.text('Not Found', 404);
    if (feed.row['enabled'] !== true) return c.text('Feed is disabled', 409);
    // It is answered when it is noted; that it failed is in the server's log only.
    const document = await fetchFeed(String(feed.row['feed_url']));
    if (!('wrong' in document)) {
      feed.reports = merged(feed.reports, document.reports, isObject(body) && body['full_sync'] === true);
      hasNews = true;
    }
    return c.json({ result: 'success' }, 200, HEADERS);
  });
  app.get('/api/v1/feed/:id/report/:report', c => {
    const feed = found(c.req.param('id'));
    const report = feed?.reports.get(c.req.param('report'));
    if (feed === undefined || report === undefined) return c.text('Not Found', 404);
    return c.json(reportRow(feed.row, report), 200, HEADERS);
  });
  app.get('/api/v1/feed/:id/action', c => {
    const feed = found(c.req.param('id'));
    return feed === undefined ? c.text('Not Found', 404) : c.json([...feed.actions], 200, HEADERS);
  });
  app.post('/api/v1/feed/:id/action', async c => {
    const feed = found(c.req.param('id'));
    const body = await c.req.json<Json>().catch(() => null);
    if (feed === undefined || !isObject(body)) return c.text('Not Found', 404);
    const id = ++actionCount;
    feed.actions = [...feed.actions, { ...body, id }];
    return c.json({ action_id: id, result: 'success' }, 200, HEADERS);
  });
  app.delete('/api/v1/feed/:id/action/:action', c => {
    const feed = found(c.req.param('id'));
    const id = Number(c.req.param('action'));
    if (feed === undefined || !feed.actions.some(action => action['id'] === id)) return c.text('Not Found', 404);
    feed.actions = feed.actions.filter(action => action['id'] !== id);
    return c.json({ result: 'success' }, 200, HEADERS);
  });

  return {
    putFeed: ({ url, name, enabled = true, byHand = true }) =>
      add(feedRow({ name, display_name: name, feed_url: url, enabled, manually_added: byHand }), []),
    hitsOn: values =>
      [...feeds].flatMap(([id, feed]) => {
        if (feed.row['enabled'] !== true) return [];
        const alerts = feed.actions.some(({ action_type: type }) => type === 3);
        const name = String(feed.row['name']);
        return [...feed.reports.values()].flatMap(report =>
          hitsIn(report, values).map(ioc => ({ feed: { id, name }, report, ioc, alerts })),
        );
      }),
    hasNews() {
      const had = hasNews;
      hasNews = false;
      return had;
    },
    state: () =>
      [...feeds.values()].map(
        ({ row, actions }) =>
          `${String(row['feed_url'])} ${row['enabled'] === true ? 'enabled' : 'disabled'}, ${actions.length} actions`,
      ),
  };
}

async function fetchFeed(url: string): Promise<FeedDocument | { readonly wrong: string }> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    return answer.ok ? parseFeedDocument(await answer.text()) : { wrong: `status ${answer.status}` };
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}

function merged(
  known: ReadonlyMap<string, FeedReport>,
  fetched: readonly FeedReport[],
  isFull: boolean,
): ReadonlyMap<string, FeedReport> {
  if (isFull) return byId(fetched);
  const newer = fetched.filter(({ id, timestamp }) => timestamp > (known.get(id)?.timestamp ?? -Infinity));
  return new Map([...known, ...byId(newer)]);
}

function hitsIn({ iocs }: FeedReport, values: readonly string[]): { readonly type: string; readonly value: string }[] {
  const had = new Set(values.map(value => value.toLowerCase()));
  return Object.entries(iocs).flatMap(([type, list]) =>
    list.filter(value => had.has(value.toLowerCase())).map(value => ({ type, value })),
  );
}

function byId(reports: readonly FeedReport[]): ReadonlyMap<string, FeedReport> {
  return new Map(reports.map(report => [report.id, report]));
}

/** Keys and types as recorded from 6.2. */
function feedRow(fields: JsonObject): JsonObject {
  return {
    provider_url: null,
    ssl_client_crt: null,
    local_rating: null,
    requires_who: null,
    icon_small: null,
    category: null,
    display_name: null,
    use_proxy: null,
    username: null,
    validate_server_cert: null,
    ssl_client_key: null,
    password: null,
    icon: null,
    provider_rating: 3,
    tech_data: null,
    requires: null,
    summary: null,
    requires_what: null,
    order: null,
    ...fields,
  };
}

/** As published with the event forwarder's tests. */
function reportRow(feed: JsonObject, { id, title, link, timestamp, score, iocs }: FeedReport): JsonObject {
  return {
    feed_id: feed['id'] ?? null,
    feed_name: feed['name'] ?? null,
    id,
    title,
    link,
    timestamp,
    create_time: timestamp,
    score,
    iocs,
    is_ignored: false,
    has_query: false,
  };
}
