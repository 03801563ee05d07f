import type { ActionContext } from '../../action/action.ts';
import { acceptedJson, malformed } from '../../action/http-answer.ts';
import type { HttpRequest } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import type { Settings } from './settings.ts';

export type Wire = Pick<ActionContext<Settings>, 'http' | 'signal' | 'settings'>;

/** How an address stands on the list, and who has fetched which version of it. */
export interface Entry {
  readonly listed: boolean;
  /** Of the list, now. */
  readonly version: number;
  /** Of the list, when the address came onto it. */
  readonly since?: number;
  readonly expires?: string;
  /** It is on the list and not shown: it is protected. */
  readonly withheld?: string;
  readonly readers: readonly Reader[];
}

export interface Reader {
  readonly client: string;
  readonly seen: string;
  readonly version?: number;
}

export function readEntry(wire: Wire, ip: string): Promise<Entry> {
  return exchange(wire, 'GET', ip);
}

export function listAddress(
  wire: Wire,
  { ip, expires, note }: { readonly ip: string; readonly expires: string | undefined; readonly note: string },
): Promise<Entry> {
  return exchange(wire, 'PUT', ip, { note, ...(expires === undefined ? {} : { expires }) });
}

export function unlistAddress(wire: Wire, ip: string): Promise<Entry> {
  return exchange(wire, 'DELETE', ip);
}

async function exchange(
  { http, signal, settings }: Wire,
  method: HttpRequest['method'],
  ip: string,
  json?: JsonObject,
): Promise<Entry> {
  const path = ['api', 'feeds', settings.list, 'entry'];
  const answer = await http({
    method,
    path,
    query: { value: ip },
    ...(json === undefined ? {} : { body: { json } }),
    signal,
  });
  return parseEntry(acceptedJson(answer, `list ${settings.list}`));
}

function parseEntry(json: Json): Entry {
  if (!isObject(json)) throw malformed('list: the answer is not an object');
  const { listed, version, since, expires, withheld, readers } = json;
  if (typeof listed !== 'boolean' || typeof version !== 'number' || !Array.isArray(readers))
    throw malformed('list: the answer does not say how the address stands');
  return {
    listed,
    version,
    ...(typeof since === 'number' ? { since } : {}),
    ...(typeof expires === 'string' ? { expires } : {}),
    ...(typeof withheld === 'string' ? { withheld } : {}),
    readers: (readers as readonly Json[]).flatMap(readReader),
  };
}

function readReader(json: Json): Reader[] {
  if (!isObject(json)) return [];
  const { client, seen, version } = json;
  if (typeof client !== 'string' || typeof seen !== 'string') return [];
  return [{ client, seen, ...(typeof version === 'number' ? { version } : {}) }];
}
