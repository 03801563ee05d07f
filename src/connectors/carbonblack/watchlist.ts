import { Refusal, malformed } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { idOf } from './client-feeds.ts';
import { readWatchlists } from './client-watchlists.ts';
import { parseTime } from './time.ts';

/*
 * A watchlist is known by its name, which the server takes for several; then it is not clear which is meant, and nothing is
 * done. One that is made or deleted here is known by name and query, so that what somebody has changed since is left alone.
 */

export const watchlistName = {
  type: 'string',
  minLength: 1,
  maxLength: 255,
  description: 'of the watchlist, exactly',
} as const satisfies JsonSchema;

const TYPES = ['processes', 'binaries'] as const;

export const watchlistSchema = {
  type: 'object',
  properties: {
    id: { type: 'integer' },
    name: { type: 'string' },
    type: { type: 'string', enum: TYPES, description: 'what it searches' },
    query: { type: 'string', description: 'in the query language; not there where the search has more than a query' },
    search_query: { type: 'string', description: 'the whole search, as the server keeps it' },
    enabled: { type: 'boolean' },
    readonly: { type: 'boolean' },
    hits: { type: 'integer', description: 'of all its time' },
    last_hit: { type: 'string', format: 'date-time' },
  },
  required: ['id', 'name', 'type', 'search_query', 'enabled', 'readonly'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Watchlist = FromSchema<typeof watchlistSchema>;

export const WATCHLIST_RIGHTS = ['manage watchlists, as a global administrator may'];

/** What a watchlist is made of. */
export const definitionInput = {
  type: 'object',
  properties: {
    name: watchlistName,
    query: {
      type: 'string',
      minLength: 1,
      maxLength: 8_192,
      description: 'in the query language, for example process_name:psexec.exe -path:c:\\windows\\*',
    },
    type: { type: 'string', enum: TYPES, description: 'what it searches; processes if not given' },
  },
  required: ['name', 'query'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Definition = FromSchema<typeof definitionInput>;

/** Reads a row of the product's list, as recorded from 6.2: ids and counts are text, times the server's own. */
export function parseWatchlist(raw: JsonObject): Watchlist {
  const { name, search_query: search, index_type: index, enabled } = raw;
  if (typeof name !== 'string' || typeof search !== 'string' || typeof enabled !== 'boolean')
    throw malformed('watchlist: no name, no search_query, or nothing on whether it is enabled');
  const query = queryIn(search);
  const hits = Number(raw['total_hits'] ?? Number.NaN);
  const last = parseTime(raw['last_hit']);
  return {
    id: idOf(raw, 'watchlist'),
    name,
    type: index === 'modules' ? 'binaries' : 'processes',
    ...(query === undefined ? {} : { query }),
    search_query: search,
    enabled,
    readonly: raw['readonly'] === true,
    ...(Number.isSafeInteger(hits) ? { hits } : {}),
    ...(last === undefined ? {} : { last_hit: last }),
  };
}

export interface Listed {
  readonly watchlist: Watchlist;
  readonly raw: JsonObject;
}

async function named(wire: Wire, name: string): Promise<readonly Listed[]> {
  return (await readWatchlists(wire))
    .filter(({ name: own }) => own === name)
    .map(raw => ({ watchlist: parseWatchlist(raw), raw }));
}

/** The one watchlist of this name. Throws where there is none or several. */
export async function theWatchlist(wire: Wire, name: string): Promise<Listed> {
  const [first, ...others] = await named(wire, name);
  const called = JSON.stringify(name);
  if (first === undefined)
    throw new Refusal({ kind: 'failed', reason: 'not-found', detail: `no watchlist is called ${called}` });
  if (others.length === 0) return first;
  const ids = [first, ...others].map(({ watchlist }) => watchlist.id).join(', ');
  const detail = `${others.length + 1} watchlists are called ${called}: ${ids}`;
  throw new Refusal({ kind: 'failed', reason: 'ambiguous', detail });
}

/** The watchlist that was made from this, if there is one, and whether others have its name. */
export async function findMade(
  wire: Wire,
  { name, query, type = 'processes' }: Definition,
): Promise<{ readonly made: Listed | undefined; readonly others: readonly Listed[] }> {
  const all = await named(wire, name);
  const made = all.find(({ watchlist }) => watchlist.query === query && watchlist.type === type);
  return { made, others: all.filter(one => one !== made) };
}

/** `cb.urlver=1&q=…` (recorded). */
export function searchOf(query: string): string {
  return `cb.urlver=1&q=${encodeURIComponent(query)}`;
}

/** The query of a search, or undefined where it has terms beside it. How it is sorted and shown makes no difference. */
export function queryIn(search: string): string | undefined {
  const parameters = new URLSearchParams(search);
  const hasMore = [...parameters.keys()].some(key => key.startsWith('cb.q.') || key.startsWith('cb.fq.'));
  const [query, ...others] = parameters.getAll('q');
  return hasMore || others.length > 0 ? undefined : query;
}
