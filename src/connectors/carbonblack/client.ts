import type { ActionContext } from '../../action/action.ts';
import { accepted, acceptedJson, malformed } from '../../action/http-answer.ts';
import type { HttpRequest } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, isObject } from '../../base/json.ts';
import type { Collected } from './collected.ts';
import { LARGEST, openCollected } from './collected.ts';

export type Wire = Pick<ActionContext, 'http' | 'signal'>;

/** One sensor by its id, or undefined when there is none. */
export async function readSensor({ http, signal }: Wire, id: string): Promise<JsonObject | undefined> {
  const answer = await http({ method: 'GET', path: ['api', 'v1', 'sensor', id], signal });
  if (answer.status === 404) return undefined;
  const json = acceptedJson(answer, 'sensor');
  if (!isObject(json)) throw malformed('sensor: the answer is not an object');
  return json;
}

/**
 * Sensors whose name or address *contains* the text, as the product matches: case-sensitive. `ip=10.0.0.1` also finds
 * 10.0.0.15, so whoever asks must compare exactly.
 */
export async function searchSensors(
  wire: Wire,
  by: { readonly hostname: string } | { readonly ip: string },
): Promise<readonly JsonObject[]> {
  const answer = await wire.http({ method: 'GET', path: ['api', 'v1', 'sensor'], query: by, signal: wire.signal });
  // Some 6.x servers answer this one query, when nothing matches, with a 500 (CB-15681). A server in trouble does so too;
  // then it will not say how it is either.
  if (answer.status === 500 && (await isWell(wire))) return [];
  if (accepted(answer, 'sensor search').text.trim() === '') return [];
  return objects(acceptedJson(answer, 'sensor search'), 'sensor search');
}

export interface AlertSearch {
  readonly query: { readonly [name: string]: string };
  readonly start: number;
  readonly rows: number;
}

/** A page of alerts in the order of their creation, which does not change while paging. An empty page is the last. */
export async function searchAlerts({ http, signal }: Wire, search: AlertSearch): Promise<readonly JsonObject[]> {
  const query: HttpRequest['query'] = {
    'cb.urlver': 1,
    ...search.query,
    sort: 'created_time asc',
    start: search.start,
    rows: search.rows,
  };
  const answer = await http({ method: 'GET', path: ['api', 'v2', 'alert'], query, signal });
  return objects(at(acceptedJson(answer, 'alert search'), ['results']), 'alert search');
}

/** One alert by its id, or undefined when the search does not show it. The product has no route for a single alert. */
export async function findAlert(wire: Wire, id: string): Promise<JsonObject | undefined> {
  const found = await searchAlerts(wire, { query: { 'cb.fq.unique_id': id }, start: 0, rows: 2 });
  return found.find(alert => alert['unique_id'] === id);
}

/** A binary's metadata by MD5, or undefined when the server does not know it. */
export async function readBinary({ http, signal }: Wire, md5: string): Promise<JsonObject | undefined> {
  const path = ['api', 'v1', 'binary', md5.toUpperCase(), 'summary'];
  const answer = await http({ method: 'GET', path, signal });
  if (answer.status === 404) return undefined;
  const json = acceptedJson(answer, 'binary');
  if (!isObject(json)) throw malformed('binary: the answer is not an object');
  return json;
}

/** The binary itself by MD5, or undefined when the server has it not, or no more. */
export async function readCollected({ http, signal }: Wire, md5: string): Promise<Collected | undefined> {
  const path = ['api', 'v1', 'binary', md5.toUpperCase()];
  const answer = await http({ method: 'GET', path, download: { most: LARGEST_ARCHIVE }, signal });
  if (answer.status === 404) return undefined;
  return openCollected(accepted(answer, 'binary').bytes ?? new Uint8Array(), md5);
}

/** What deflates to nothing less, and its directory. */
const LARGEST_ARCHIVE = LARGEST + 1_048_576;

/** A page of process documents, the latest first, with all that the search says of itself. */
export async function searchProcesses(
  { http, signal }: Wire,
  { q, rows }: { readonly q: string; readonly rows: number },
): Promise<{ readonly rows: readonly JsonObject[]; readonly total: number; readonly isComplete: boolean }> {
  const query = { 'cb.urlver': 1, q, sort: 'last_update desc', facet: false, start: 0, rows };
  const json = acceptedJson(
    await http({ method: 'GET', path: ['api', 'v1', 'process'], query, signal }),
    'process search',
  );
  const total = at(json, ['total_results']);
  if (typeof total !== 'number') throw malformed('process search: the answer has no total_results');
  const isComplete = at(json, ['incomplete_results']) !== true;
  return { rows: objects(at(json, ['results']), 'process search'), total, isComplete };
}

const BANS = ['api', 'v1', 'banning', 'blacklist'];

/** The rows of the list of bans, enabled or not. The server gives 500 if not told how many (vendor). */
export async function readBans({ http, signal }: Wire, count: number): Promise<readonly JsonObject[]> {
  const answer = await http({ method: 'GET', path: BANS, query: { count }, signal });
  return objects(acceptedJson(answer, 'bans'), 'bans');
}

/** The row of a hash in the list of bans, enabled or not, or undefined when it was never banned. */
export async function readBan({ http, signal }: Wire, md5: string): Promise<JsonObject | undefined> {
  const answer = await http({ method: 'GET', path: [...BANS, md5.toLowerCase()], signal });
  if (answer.status === 404) return undefined;
  if (answer.status === 409) {
    // Some versions say so of a hash that was never banned (cbapi). The whole list knows.
    const rows = await readBans({ http, signal }, 10_000);
    return rows.find(row => String(row['md5hash']).toLowerCase() === md5.toLowerCase());
  }
  const json = acceptedJson(answer, 'ban');
  if (!isObject(json)) throw malformed('ban: the answer is not an object');
  return json;
}

/** What the server says of itself: version, and which of its functions are switched on. */
export async function readInfo({ http, signal }: Wire): Promise<JsonObject> {
  const json = acceptedJson(await http({ method: 'GET', path: ['api', 'info'], signal }), 'server info');
  if (!isObject(json)) throw malformed('server info: the answer is not an object');
  return json;
}

/** The sensor groups that the user may see. The route is the vendor's reference's for 5.x, and cbapi's. */
export async function readGroups({ http, signal }: Wire): Promise<readonly JsonObject[]> {
  return objects(
    acceptedJson(await http({ method: 'GET', path: ['api', 'group'], signal }), 'sensor groups'),
    'sensor groups',
  );
}

async function isWell({ http, signal }: Wire): Promise<boolean> {
  const { status } = await http({ method: 'GET', path: ['api', 'info'], signal });
  return status === 200;
}

/** The list of objects that an answer must be. */
export function objects(list: Json | undefined, what: string): readonly JsonObject[] {
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw malformed(`${what}: the answer holds no list of objects`);
}
