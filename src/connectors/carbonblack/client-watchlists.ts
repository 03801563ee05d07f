import { acceptedJson } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Wire } from './client.ts';
import { objects } from './client.ts';
import type { Change } from './client-changes.ts';
import { changeOf, send } from './client-changes.ts';
import { withoutLost } from './whole-numbers.ts';

const WATCHLISTS = ['api', 'v1', 'watchlist'];

export async function readWatchlists({ http, signal }: Wire): Promise<readonly JsonObject[]> {
  return objects(acceptedJson(await http({ method: 'GET', path: WATCHLISTS, signal }), 'watchlists'), 'watchlists');
}

export interface NewWatchlist {
  readonly name: string;
  /** As the product keeps it: `cb.urlver=1&q=…`, with the query percent-encoded. */
  readonly search: string;
  readonly index: 'events' | 'modules';
}

/** Makes a watchlist. The server takes a name that it has already for another one. */
export async function postWatchlist(wire: Wire, { name, search, index }: NewWatchlist): Promise<Change> {
  const json = { name, search_query: search, index_type: index, readonly: false };
  return changeOf(await send(wire, 'POST', WATCHLISTS, json), 'new watchlist');
}

/** Sends the whole record back with one field changed, as cbapi does. */
export async function putWatchlist(wire: Wire, raw: JsonObject, fields: JsonObject): Promise<Change> {
  const path = [...WATCHLISTS, String(raw['id'])];
  return changeOf(await send(wire, 'PUT', path, { ...withoutLost(raw), ...fields }), 'change of the watchlist');
}

export async function deleteWatchlist(wire: Wire, id: number): Promise<Change> {
  return changeOf(await send(wire, 'DELETE', [...WATCHLISTS, id]), 'deleting the watchlist');
}
