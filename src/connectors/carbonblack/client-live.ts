import { accepted, acceptedJson, malformed, refusalOf, Refusal } from '../../action/http-answer.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import type { Wire } from './client.ts';
import { objects } from './client.ts';
import { idOf } from './client-feeds.ts';
import { changeOf, send } from './client-changes.ts';
import { withoutLost } from './whole-numbers.ts';

const SESSIONS = ['api', 'v1', 'cblr', 'session'];

/** A command for a sensor, by the product's names (recorded): `process list`, `kill` of a pid, `get file` of a path. */
export interface LiveCommand {
  readonly name: 'process list' | 'kill' | 'get file';
  readonly object?: string | number;
}

/** Sessions that are active, or wait for the sensor. */
export async function readSessions({ http, signal }: Wire): Promise<readonly JsonObject[]> {
  const answer = await http({ method: 'GET', path: SESSIONS, query: { active_only: true }, signal });
  return objects(openedOf(answer), 'live response sessions');
}

/** Asks for a session; it is pending until the sensor checks in. Gives its id. */
export async function openSession(wire: Wire, sensor: number): Promise<number> {
  return idOf(object(openedOf(await send(wire, 'POST', SESSIONS, { sensor_id: sensor }))), 'live response session');
}

/** A session by its id, or undefined when it has lapsed. */
export async function readSession({ http, signal }: Wire, session: number): Promise<JsonObject | undefined> {
  const answer = await http({ method: 'GET', path: [...SESSIONS, session], signal });
  return answer.status === 404 ? undefined : object(acceptedJson(answer, 'live response session'));
}

/** A session that nobody uses lapses after 300 s (recorded); this keeps it. */
export async function keepSession({ http, signal }: Wire, session: number): Promise<void> {
  const answer = await http({ method: 'GET', path: [...SESSIONS, session, 'keepalive'], signal });
  // That it is gone shows when its command is asked for.
  if (answer.status !== 404) accepted(answer, 'live response session');
}

/** Closes a session, also one that is still pending: else it stays so. A session that is gone is closed. */
export async function closeSession(wire: Wire, session: number): Promise<void> {
  const row = await readSession(wire, session);
  if (row === undefined) return;
  const answer = await send(wire, 'PUT', [...SESSIONS, session], { ...withoutLost(row), status: 'close' });
  if (answer.status === 404) return;
  const change = changeOf(answer, 'closing the live response session');
  if (change.kind === 'failed') throw new Refusal(change);
}

/** Hands a command to the sensor. Gives its id, or undefined when the session is active no more. */
export async function postCommand(
  wire: Wire,
  { session, command }: { readonly session: number; readonly command: LiveCommand },
): Promise<number | undefined> {
  const json = { session_id: session, ...command };
  const answer = await send(wire, 'POST', [...SESSIONS, session, 'command'], json);
  return answer.status === 404
    ? undefined
    : idOf(object(acceptedJson(answer, 'live response command')), 'live response command');
}

/** How a command stands, or undefined when its session is gone. */
export async function readCommand(
  { http, signal }: Wire,
  { session, command }: { readonly session: number; readonly command: number },
): Promise<JsonObject | undefined> {
  const answer = await http({ method: 'GET', path: [...SESSIONS, session, 'command', command], signal });
  return answer.status === 404 ? undefined : object(acceptedJson(answer, 'live response command'));
}

/** The bytes that a `get file` has brought to the server, where they stay for 7 days (recorded). */
export async function readContent(
  { http, signal }: Wire,
  { session, file, most }: { readonly session: number; readonly file: number; readonly most: number },
): Promise<Uint8Array> {
  const path = [...SESSIONS, session, 'file', file, 'content'];
  const answer = await http({ method: 'GET', path, download: { most }, signal });
  return accepted(answer, 'content of the file').bytes ?? new Uint8Array();
}

/** 412 is the product's word for Live Response being switched off, which it is as it comes (vendor). */
function openedOf(answer: Parameters<typeof acceptedJson>[0]): ReturnType<typeof acceptedJson> {
  if (answer.status !== 412) return acceptedJson(answer, 'live response session');
  const { detail } = refusalOf(answer, 'live response session');
  throw new Refusal({
    kind: 'failed',
    reason: 'rejected',
    detail: `Live Response is switched off on the server; ${detail}`,
  });
}

function object(json: unknown): JsonObject {
  if (isObject(json)) return json;
  throw malformed('live response: the answer is not an object');
}

/** Of the file that a `get file` has brought. */
export function fileIdOf(command: JsonObject): number {
  const id = own(command, 'file_id');
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
  throw malformed('live response command: no file_id');
}
