import { acceptedJson, malformed, refusalOf } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import type { Wire } from './client.ts';
import { objects } from './client.ts';
import type { Change } from './client-changes.ts';
import { changeOf, send } from './client-changes.ts';
import { withoutLost } from './whole-numbers.ts';

const FEEDS = ['api', 'v1', 'feed'];

/** All feeds, enabled or not. There is no route for one: it is gone since 5.0 (the vendor's old client says so). */
export async function readFeeds({ http, signal }: Wire): Promise<readonly JsonObject[]> {
  return objects(acceptedJson(await http({ method: 'GET', path: FEEDS, signal }), 'feeds'), 'feeds');
}

/** A report as the server has it now, or undefined when it has none of that id. */
export async function readReport(
  { http, signal }: Wire,
  { feed, report }: { readonly feed: number; readonly report: string },
): Promise<JsonObject | undefined> {
  const answer = await http({ method: 'GET', path: [...FEEDS, feed, 'report', report], signal });
  if (answer.status === 404) return undefined;
  const json = acceptedJson(answer, 'report of the feed');
  if (!isObject(json)) throw malformed('report of the feed: the answer is not an object');
  return json;
}

export interface NewFeed {
  readonly url: string;
  readonly useProxy: boolean;
  readonly checkCertificate: boolean;
}

/**
 * Registers a feed. The server fetches it before it answers, and says 500 where it cannot, or where what it gets is no
 * feed. It takes a URL that it has already for another feed.
 */
export async function postFeed(wire: Wire, { url, useProxy, checkCertificate }: NewFeed): Promise<Change> {
  const json = { feed_url: url, enabled: true, use_proxy: useProxy, validate_server_cert: checkCertificate };
  const answer = await send(wire, 'POST', FEEDS, json);
  const what = 'registering the feed (a 500 says that the server cannot fetch it, or that it is no feed)';
  // The new record comes back whole or by its id alone; either is read from the list.
  return changeOf(answer, answer.status === 500 ? what : 'registering the feed');
}

/** Sends the whole record back with one field changed, as the vendor's clients do. */
export async function putFeed(wire: Wire, raw: JsonObject, fields: JsonObject): Promise<Change> {
  return changeOf(
    await send(wire, 'PUT', [...FEEDS, String(raw['id'])], { ...withoutLost(raw), ...fields }),
    'change of the feed',
  );
}

/** Its reports go with it. */
export async function deleteFeed(wire: Wire, feed: number): Promise<Change> {
  return changeOf(await send(wire, 'DELETE', [...FEEDS, feed]), 'deleting the feed');
}

/** Has the server fetch the feed again. A full synchronisation also drops the reports that the feed has no more. */
export async function postSynchronize(
  wire: Wire,
  { feed, full }: { readonly feed: number; readonly full: boolean },
): Promise<Change> {
  const answer = await send(wire, 'POST', [...FEEDS, feed, 'synchronize'], { full_sync: full });
  if (answer.status === 409) {
    const refusal = refusalOf(answer, 'synchronising the feed (the server refuses it of one that is disabled)');
    if (refusal.kind === 'failed') return refusal;
  }
  return changeOf(answer, 'synchronising the feed');
}

/** Ids are numbers in one answer and text in another. */
export function idOf(raw: JsonObject, what: string): number {
  const id = own(raw, 'id');
  const number = typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : id;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw malformed(`${what}: id is no whole number`);
}
