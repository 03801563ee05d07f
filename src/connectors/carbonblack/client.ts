import type { ActionContext } from '../../action/action.ts';
import { accepted, acceptedJson, malformed } from '../../action/http-answer.ts';
import type { HttpRequest } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, isObject } from '../../base/json.ts';

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

async function isWell({ http, signal }: Wire): Promise<boolean> {
  const { status } = await http({ method: 'GET', path: ['api', 'info'], signal });
  return status === 200;
}

function objects(list: Json | undefined, what: string): readonly JsonObject[] {
  if (Array.isArray(list) && list.every(isObject)) return list;
  throw malformed(`${what}: the answer holds no list of objects`);
}
