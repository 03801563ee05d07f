import type { ActionContext, Preview } from '../../action/action.ts';
import { Refusal, refusalOf } from '../../action/http-answer.ts';
import { didYouMean } from '../../base/did-you-mean.ts';
import type { HttpAnswer, HttpRequest } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { JsonSchema } from '../../base/schema.ts';
import type { Settings } from './settings.ts';

/** The inputs that all actions share. */
export const commonInputs = {
  host: { type: 'string', minLength: 1, description: 'name of a configured host, written out' },
  path: { description: 'a list of segments, each encoded; or a text such as /api/items, split at each slash' },
  query: { type: 'object', description: 'names and values; a list gives a name several times' },
  expect: {
    type: 'array',
    items: { type: 'integer', minimum: 200, maximum: 599 },
    description: 'statuses that are good; 200 to 299',
  },
} as const satisfies { readonly [name: string]: JsonSchema };

/** What is sent beside the URL. */
export const bodyInputs = {
  json: { description: 'sent as JSON' },
  form: { type: 'object', description: 'sent as a form: names and texts' },
} as const satisfies { readonly [name: string]: JsonSchema };

export const commonOutputs = {
  status: { type: 'integer' },
  json: { description: 'the body, where it is JSON' },
  text: { type: 'string', description: 'the body, where it is not' },
} as const satisfies { readonly [name: string]: JsonSchema };

export interface Asked {
  readonly host: string;
  readonly path: Json;
  readonly query?: JsonObject;
  readonly expect?: readonly number[];
  readonly json?: Json;
  readonly form?: JsonObject;
}

/** Larger answers do not belong into the records of a run. */
const LARGEST_TEXT = 1_000_000;
/** A body can be a whole report. */
const LONGEST_SHOWN = 400;

/** Asks, and gives the answer whatever its status. Throws a refusal where the question makes no sense. */
export async function ask(
  method: HttpRequest['method'],
  { host, path, query, json, form }: Asked,
  { http, settings, signal }: ActionContext<Settings>,
): Promise<HttpAnswer> {
  const known = Object.keys(settings.hosts);
  if (!known.includes(host))
    throw invalid(`host: unknown host "${host}"; known: ${known.join(', ')}${didYouMean(host, known)}`);
  if (json !== undefined && form !== undefined) throw invalid('give json or form, not both');
  return http({
    method,
    endpoint: host,
    path: segmentsOf(path),
    query: queryOf(query ?? {}),
    ...(json === undefined ? {} : { body: { json } }),
    ...(form === undefined ? {} : { body: { form: formOf(form) } }),
    signal,
  });
}

/** The request as it will be made, for whoever reviews or approves it. */
export function previewOf(method: HttpRequest['method'], { host, path, query, json, form }: Asked): Preview<never> {
  const where = Array.isArray(path) ? (path as readonly Json[]).map(segment => `/${pathText(segment)}`).join('') : path;
  const body = json ?? form;
  const parts = [method, host, typeof where === 'string' ? where : pathText(where), query, body];
  return { change: parts.flatMap(part => (part === undefined ? [] : [shown(part)])).join(' ') };
}

function pathText(segment: Json): string {
  return encodeURIComponent(typeof segment === 'object' ? JSON.stringify(segment) : String(segment));
}

function shown(part: Json): string {
  const text = typeof part === 'string' ? part : JSON.stringify(part);
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`;
}

/** What playbooks see of an answer. Throws where its status is none of those that are good. */
export function outputOf(answer: HttpAnswer, { host, expect }: Asked): { status: number; json?: Json; text?: string } {
  const { status, json, text } = answer;
  if (!isExpected(status, expect)) throw new Refusal(refusalOf(answer, host));
  if (text.length > LARGEST_TEXT) {
    const detail = `${host}: the answer has ${text.length} characters, more than ${LARGEST_TEXT}`;
    throw new Refusal({ kind: 'failed', reason: 'malformed-answer', detail });
  }
  if (json !== undefined) return { status, json };
  return text === '' ? { status } : { status, text };
}

export function isExpected(status: number, expect: readonly number[] | undefined): boolean {
  return expect === undefined ? status >= 200 && status < 300 : expect.includes(status);
}

/** A text is for people who write it out; what comes from an event belongs into a list, where no slash can split it. */
function segmentsOf(path: Json): readonly (string | number)[] {
  const isText = typeof path === 'string';
  if (isText && !path.startsWith('/')) throw invalid('path: a text must begin with a slash');
  if (isText && /[?#]/.test(path))
    throw invalid('path: what follows ? belongs into query; a segment that holds it, into a list');
  const segments: Json = isText ? path.slice(1).split('/') : path;
  if (!Array.isArray(segments)) throw invalid('path: must be a list of segments or a text');
  if (isText && path === '/') return [];
  return (segments as readonly Json[]).map(segment => {
    const isPart = typeof segment === 'number' || (typeof segment === 'string' && !['', '.', '..'].includes(segment));
    if (!isPart || !String(segment).isWellFormed())
      throw invalid(`path: ${JSON.stringify(segment)} cannot be a segment`);
    return segment;
  });
}

function queryOf(query: JsonObject): NonNullable<HttpRequest['query']> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => {
      if (Array.isArray(value))
        return [name, (value as readonly Json[]).map(item => textOf(item, `query.${name}`))] as const;
      return [name, textOf(value, `query.${name}`)] as const;
    }),
  );
}

function formOf(form: JsonObject): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, textOf(value, `form.${name}`)]));
}

function textOf(value: Json, place: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw invalid(`${place}: must be a text, a number or a truth value`);
}

function invalid(detail: string): Refusal {
  return new Refusal({ kind: 'failed', reason: 'invalid-input', detail });
}
