import type { ActionContext } from '../../action/action.ts';
import { Refusal, acceptedJson, malformed } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import type { HttpAnswer, Question } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, isObject, own } from '../../base/json.ts';

export type Wire = Pick<ActionContext, 'http' | 'signal'>;

/** One script; the operation stands in the query, everything else in the form (vendor). */
const SCRIPT = ['cyadmin', 'api.php'];

export type Operation = 'analysis_details' | 'event_details' | 'incidents' | 'events';

/** What an action that reads must name, since the product is read by POST. */
export function asking(...operations: readonly Operation[]): Question[] {
  return operations.map(op => ({ path: SCRIPT, query: { op } }));
}

/** The product's answer if its status is 0. A failure is a 200 as well, with a negative status (vendor). */
export async function ask(wire: Wire, op: Operation, form: Form): Promise<JsonObject> {
  const answer = await askFor(wire, op, form);
  if ('refused' in answer)
    throw new Refusal({ kind: 'failed', reason: 'rejected', detail: `${op}: ${answer.refused}` });
  return answer.json;
}

type Form = { readonly [name: string]: string };

/** For those to whom a negative status may be an answer. */
export async function askFor({ http, signal }: Wire, op: Operation, form: Form): Promise<Said> {
  return said(await http({ method: 'POST', path: SCRIPT, query: { op }, body: { form }, signal }), op);
}

const UPLOAD = ['cyadmin', 'cgi-bin', 'file_submit'];

/** What an action that uploads must name. */
export const UPLOADING: Question = { path: UPLOAD };

/** Uploads a file to be analysed; gives the id of its event. A second upload makes a second event, as far as is known. */
export async function submitFile(
  { http, signal }: Wire,
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
): Promise<string> {
  const parts = [
    { name: 'file', file: name, bytes },
    { name: 'file_meta_json', text: JSON.stringify({ file_name: name }) },
  ];
  const answer = said(await http({ method: 'POST', path: UPLOAD, body: { parts }, signal }), 'upload');
  if ('refused' in answer)
    throw new Refusal({ kind: 'failed', reason: 'rejected', detail: `upload: ${answer.refused}` });
  const event = at(answer.json, ['detail', 'event_id']);
  if (typeof event !== 'number' && (typeof event !== 'string' || !/^\d+$/.test(event)))
    throw malformed('upload: the answer has no event_id');
  return String(event);
}

/** Whether the analysis of an event has ended. */
export async function isAnalysed(wire: Wire, event: string): Promise<boolean> {
  const details = own(await ask(wire, 'event_details', { event_id: event }), 'event_details');
  const done = own(details, 'analysis_done_time');
  if (done === undefined) throw malformed('event: the answer does not say whether the analysis has ended');
  return done !== null && done !== '';
}

export const INCIDENT_STATUSES = ['new', 'acknowledged', 'in_progress', 'complete'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** Adds a comment, and sets the status along with it: the product has no call for the one without the other. */
export async function addComment(
  { http, signal }: Wire,
  comment: {
    readonly incident: string;
    readonly comment: string;
    readonly status: IncidentStatus;
    readonly previous: IncidentStatus;
  },
): Promise<{ readonly kind: 'taken' } | Extract<Answer, { kind: 'failed' }>> {
  const form = {
    incident_id: comment.incident,
    last_status: comment.previous,
    status: comment.status,
    comments: comment.comment,
  };
  const query = { op: 'add_incident_comments' };
  const answer = said(await http({ method: 'POST', path: SCRIPT, query, body: { form }, signal }), 'comment');
  if ('json' in answer) return { kind: 'taken' };
  return { kind: 'failed', reason: 'rejected', detail: `comment: ${answer.refused}` };
}

type Said = { readonly json: JsonObject } | { readonly refused: string };

function said(answer: HttpAnswer, what: string): Said {
  const json = acceptedJson(answer, what);
  const status = isObject(json) ? numberIn(json['status']) : undefined;
  if (!isObject(json) || status === undefined) throw malformed(`${what}: the answer has no status`);
  return status === 0 ? { json } : { refused: `status ${status}: ${reasonIn(json)}` };
}

/** Some failures have `detail` in place of `error_msg` (SOAR's client). */
function reasonIn(json: JsonObject): string {
  const reason = own(json, 'error_msg') ?? own(json, 'detail');
  return typeof reason === 'string' ? JSON.stringify(reason.slice(0, 200)) : 'no reason given';
}

/** The product writes numbers as texts too. */
export function numberIn(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
