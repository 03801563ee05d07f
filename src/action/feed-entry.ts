import type { ActionContext } from './action.ts';
import { Refusal, acceptedJson, malformed } from './http-answer.ts';
import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import { parseDuration } from '../base/duration.ts';
import type { HttpRequest } from '../base/http.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { isObject } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';

/*
 * Backline's feeds, as connectors speak to them: several do, and none may import another.
 */

type Wire = Pick<ActionContext, 'http' | 'signal'>;

/** An entry of a list of Backline's feeds, by the value that it has there. */
export interface Place {
  readonly list: string;
  readonly value: string;
}

/** How a value stands on the list, and who has fetched which version of it. */
export interface Entry {
  readonly listed: boolean;
  /** Of the list, now. */
  readonly version: number;
  /** Of the list, when the value came onto it. */
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

export function readEntry(wire: Wire, place: Place): Promise<Entry> {
  return exchange(wire, 'GET', place);
}

/** Puts it onto the list, or gives it another end; none if not given. */
export function putEntry(
  wire: Wire,
  place: Place,
  { expires, note }: { readonly expires: string | undefined; readonly note: string },
): Promise<Entry> {
  return exchange(wire, 'PUT', place, { note, ...(expires === undefined ? {} : { expires }) });
}

export function deleteEntry(wire: Wire, place: Place): Promise<Entry> {
  return exchange(wire, 'DELETE', place);
}

/** The two ways to give an entry an end, as inputs. */
export const endProperties = {
  at_most: {
    type: 'string',
    format: 'duration',
    description: 'after so long the list drops it by itself, even if nobody takes it back',
  },
  until: { type: 'string', format: 'date-time', description: 'the same, as a time; the earlier one counts' },
} as const satisfies { readonly [name: string]: JsonSchema };

/** When an entry is to end; undefined is never. Throws a refusal where that has passed. */
export function endOf(
  { at_most: most, until }: { readonly at_most?: string; readonly until?: string },
  now: Instant,
): Instant | undefined {
  const ends = [
    ...(most === undefined ? [] : [now + (parseDuration(most) ?? 0)]),
    ...(until === undefined ? [] : [Date.parse(until)]),
  ];
  if (ends.length === 0) return undefined;
  const end = Math.min(...ends);
  if (end > now) return end;
  throw new Refusal({ kind: 'failed', reason: 'rejected', detail: `its end, ${formatInstant(end)}, has passed` });
}

/** Whether it is listed for at least so long. One without an end lasts. */
export function lastsUntil({ listed, expires }: Entry, wanted: Instant | undefined): boolean {
  return listed && (expires === undefined || (wanted !== undefined && Date.parse(expires) >= wanted));
}

async function exchange(
  { http, signal }: Wire,
  method: HttpRequest['method'],
  { list, value }: Place,
  json?: JsonObject,
): Promise<Entry> {
  const path = ['api', 'feeds', list, 'entry'];
  const answer = await http({
    method,
    path,
    query: { value },
    ...(json === undefined ? {} : { body: { json } }),
    signal,
  });
  return parseEntry(acceptedJson(answer, `list ${list}`));
}

function parseEntry(json: Json): Entry {
  if (!isObject(json)) throw malformed('list: the answer is not an object');
  const { listed, version, since, expires, withheld, readers } = json;
  if (typeof listed !== 'boolean' || typeof version !== 'number' || !Array.isArray(readers))
    throw malformed('list: the answer does not say how the value stands');
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
