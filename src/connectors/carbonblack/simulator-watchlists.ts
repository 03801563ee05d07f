import type { Instant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import { serverTime } from './simulator-sensors.ts';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

export interface WatchlistControls {
  /** A watchlist that is there already. Gives its id. */
  putWatchlist(watchlist: {
    readonly name: string;
    readonly search: string;
    readonly enabled?: boolean;
    readonly readonly?: boolean;
  }): number;
}

interface Watchlist {
  row: JsonObject;
  actions: readonly JsonObject[];
  /** Processes that it has hit. */
  readonly hit: Set<string>;
}

/** How often watchlists are evaluated (vendor: about every 10 minutes). */
const EVERY = 600_000;

/** Watchlists, whose queries are asked every 10 minutes; a process is hit once. Names need not be unique. */
export function openWatchlists(
  { app, now }: Site,
  {
    search,
    raise,
  }: {
    readonly search: (query: string) => readonly JsonObject[];
    /** A watchlist with the alert action has hit. */
    readonly raise: (watchlist: { readonly id: number; readonly name: string }, process: JsonObject) => void;
  },
): WatchlistControls & { tick(): void; state(): Json } {
  const watchlists = new Map<number, Watchlist>();
  let actionCount = 0;
  let next: Instant = now() + EVERY;

  const found = (id: string): Watchlist | undefined => watchlists.get(Number(id));

  function add(fields: JsonObject): number {
    const id = Math.max(0, ...watchlists.keys()) + 1;
    watchlists.set(id, { row: watchlistRow({ ...fields, id: String(id) }, now()), actions: [], hit: new Set() });
    return id;
  }

  app.get('/api/v1/watchlist', c =>
    c.json(
      [...watchlists.values()].map(({ row }) => row),
      200,
      HEADERS,
    ),
  );
  app.post('/api/v1/watchlist', async c => {
    const body = await c.req.json<Json>().catch(() => null);
    if (!isObject(body) || typeof body['name'] !== 'string' || typeof body['search_query'] !== 'string')
      return c.text('Bad Request', 400);
    return c.json({ id: add(body) }, 200, HEADERS);
  });
  app.put('/api/v1/watchlist/:id', async c => {
    const watchlist = found(c.req.param('id'));
    const body = await c.req.json<Json>().catch(() => null);
    if (watchlist === undefined || !isObject(body)) return c.text('Not Found', 404);
    watchlist.row = { ...watchlist.row, ...body };
    return c.json({ result: 'success' }, 200, HEADERS);
  });
  app.delete('/api/v1/watchlist/:id', c =>
    watchlists.delete(Number(c.req.param('id')))
      ? c.json({ result: 'success' }, 200, HEADERS)
      : c.text('Not Found', 404),
  );
  app.get('/api/v1/watchlist/:id/action', c => {
    const watchlist = found(c.req.param('id'));
    return watchlist === undefined ? c.text('Not Found', 404) : c.json([...watchlist.actions], 200, HEADERS);
  });
  app.post('/api/v1/watchlist/:id/action', async c => {
    const watchlist = found(c.req.param('id'));
    const body = await c.req.json<Json>().catch(() => null);
    if (watchlist === undefined || !isObject(body)) return c.text('Not Found', 404);
    const id = ++actionCount;
    watchlist.actions = [...watchlist.actions, { ...body, id }];
    return c.json({ action_id: id, result: 'success' }, 200, HEADERS);
  });
  app.delete('/api/v1/watchlist/:id/action/:action', c => {
    const watchlist = found(c.req.param('id'));
    const id = Number(c.req.param('action'));
    if (watchlist === undefined || !watchlist.actions.some(action => action['id'] === id))
      return c.text('Not Found', 404);
    watchlist.actions = watchlist.actions.filter(action => action['id'] !== id);
    return c.json({ result: 'success' }, 200, HEADERS);
  });

  return {
    putWatchlist: ({ name, search: query, enabled = true, readonly = false }) =>
      add({ name, search_query: query, index_type: 'events', enabled, readonly }),
    state: () =>
      [...watchlists.values()].map(
        ({ row, actions }) =>
          `${String(row['name'])} ${row['enabled'] === true ? 'enabled' : 'disabled'}, ${actions.length} actions`,
      ),
    tick() {
      if (now() < next) return;
      next = now() + EVERY;
      for (const [id, watchlist] of watchlists) {
        const { row, hit, actions } = watchlist;
        if (row['enabled'] !== true || row['index_type'] !== 'events') continue;
        const query = new URLSearchParams(String(row['search_query'])).get('q') ?? '';
        const fresh = search(query).filter(process => !hit.has(String(process['id'])));
        if (fresh.length === 0) continue;
        for (const process of fresh) {
          hit.add(String(process['id']));
          if (actions.some(({ action_type: type }) => type === 3)) raise({ id, name: String(row['name']) }, process);
        }
        const total = String(hit.size);
        const hits = {
          last_hit: serverTime(now()),
          last_hit_count: fresh.length,
          total_hits: total,
          total_tags: total,
        };
        watchlist.row = { ...row, ...hits };
      }
    },
  };
}

/** Keys and types as recorded from 6.2. */
function watchlistRow(fields: JsonObject, now: Instant): JsonObject {
  return {
    last_hit_count: 0,
    description: null,
    search_query: '',
    enabled: true,
    search_timestamp: '1970-01-01T00:00:00.000Z',
    index_type: 'events',
    readonly: false,
    total_hits: '0',
    date_added: serverTime(now),
    group_id: -1,
    total_tags: '0',
    id: '0',
    last_hit: null,
    name: '',
    ...fields,
  };
}
