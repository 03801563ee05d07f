import { accepted, acceptedJson, refusalOf } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import type { HttpAnswer, HttpRequest } from '../../base/http.ts';
import type { JsonObject } from '../../base/json.ts';
import { own } from '../../base/json.ts';
import type { Wire } from './client.ts';

/** What the product made of a change: it took it, or it refused it in so many words. Whatever else happens is thrown. */
export type Change = { readonly kind: 'taken' } | Extract<Answer, { kind: 'failed' }>;

/**
 * Asks for isolation, or for its end. Taken means requested: the sensor does it when it checks in.
 * No other field goes along: from 7.1 on a body with one that cannot be changed is rejected whole (cbapi, issue 220). The
 * group is sent back as clients that work do; it must be the sensor's own, or the sensor moves.
 */
export async function requestIsolation(
  wire: Wire,
  { sensor, wanted, group }: { readonly sensor: number; readonly wanted: boolean; readonly group: number },
): Promise<Change> {
  const json = { network_isolation_enabled: wanted, group_id: group };
  return changeOf(await send(wire, 'PUT', ['api', 'v1', 'sensor', sensor], json), 'isolation');
}

/** Bans an MD5, anew or again. A 409 says that it is banned already, which is for the caller to see. */
export async function postBan(
  wire: Wire,
  { md5, text }: { readonly md5: string; readonly text: string },
): Promise<Change | { readonly kind: 'contested'; readonly refusal: Answer<never> }> {
  // The whole form that clients in use send, numbers as text included.
  const json = {
    md5hash: md5.toLowerCase(),
    text,
    last_ban_time: '0',
    ban_count: '0',
    last_ban_host: '0',
    enabled: true,
  };
  const answer = await send(wire, 'POST', ['api', 'v1', 'banning', 'blacklist'], json);
  if (answer.status === 409) return { kind: 'contested', refusal: refusalOf(answer, 'ban') };
  return changeOf(answer, 'ban');
}

/** Disables a ban; its row stays and loses its text. A hash without a row is answered with 404 or 409. */
export async function deleteBan(
  wire: Wire,
  md5: string,
): Promise<Change | { readonly kind: 'contested'; readonly refusal: Answer<never> }> {
  const answer = await send(wire, 'DELETE', ['api', 'v1', 'banning', 'blacklist', md5.toLowerCase()]);
  if (answer.status === 404 || answer.status === 409)
    return { kind: 'contested', refusal: refusalOf(answer, 'lifting the ban') };
  return changeOf(answer, 'lifting the ban');
}

/** Changes the text of a hash's row, which is enabled or not as before. */
export async function editBan(
  wire: Wire,
  { md5, text }: { readonly md5: string; readonly text: string },
): Promise<Change> {
  const path = ['api', 'v1', 'banning', 'blacklist', md5.toLowerCase()];
  return changeOf(await send(wire, 'PUT', path, { md5hash: md5.toLowerCase(), text }), 'text of the ban');
}

/** Sets an alert's status. The search shows it a little later. */
export async function setAlertStatus(
  wire: Wire,
  { alert, status }: { readonly alert: string; readonly status: string },
): Promise<Change> {
  const json = { unique_id: alert, status };
  return changeOf(await send(wire, 'POST', ['api', 'v1', 'alert', alert], json), 'alert status');
}

export function send(
  { http, signal }: Wire,
  method: HttpRequest['method'],
  path: HttpRequest['path'],
  json?: JsonObject,
): Promise<HttpAnswer> {
  return http({ method, path, ...(json === undefined ? {} : { body: { json } }), signal });
}

/**
 * A change is answered with 204, or with JSON in which `result`, where there is one, says whether it was made: a 2xx
 * with any other result than success is a refusal (cbapi, `_refresh_if_needed`).
 */
export function changeOf(answer: HttpAnswer, what: string): Change {
  if (accepted(answer, what).text.trim() === '') return { kind: 'taken' };
  const result = own(acceptedJson(answer, what), 'result');
  if (result === undefined || result === 'success') return { kind: 'taken' };
  const detail = `${what}: status ${answer.status}, but the result is ${JSON.stringify(result)}`;
  return { kind: 'failed', reason: 'rejected', detail };
}
