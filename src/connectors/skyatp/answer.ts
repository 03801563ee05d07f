import { Refusal, accepted, acceptedJson, malformed, refusalOf } from '../../action/http-answer.ts';
import type { HttpAnswer } from '../../base/http.ts';
import type { Json } from '../../base/json.ts';
import { at, isObject } from '../../base/json.ts';

/** What the vendor says of these statuses (reference of the Open API, setup guide), for whoever has to act on it. */
const HINTS: ReadonlyMap<number, string> = new Map([
  [401, 'The application token is not valid, or has expired: they last a year.'],
  [403, 'The application token has no access to this: is it of the access group Open API, is the licence premium?'],
  [413, 'It is larger than the product takes.'],
  [
    429,
    'Documented are 60 requests a minute for each list and for C&C feeds, and 50 for DNS feeds; other limits are not.',
  ],
]);

/** A 2xx; else throws what it means, with what can be done about it. */
export function taken(answer: HttpAnswer, what: string): HttpAnswer {
  const hint = HINTS.get(answer.status);
  if (hint === undefined) return accepted(answer, what);
  const refusal = refusalOf(answer, what);
  throw new Refusal({ ...refusal, detail: `${refusal.detail}. ${hint}` });
}

/** The JSON of a 2xx. */
export function takenJson(answer: HttpAnswer, what: string): Json {
  return acceptedJson(taken(answer, what), what);
}

/** A 2xx to a change. It may have no body; what is there must come from the product, not from something before it. */
export function takenChange(answer: HttpAnswer, what: string): void {
  if (taken(answer, what).text.trim() !== '') acceptedJson(answer, what);
}

/** One line of a list: what stands there, as the product writes it, and its threat level where it says one. */
export interface Listed {
  readonly text: string;
  readonly level?: number;
}

/**
 * The list in `data`, under `key`. Two shapes are known: texts, and one-key objects with the threat level as value,
 * `[{"10.0.3.171":10}]` (both recorded). An empty list is `{"data":{}}`, without count and key (recorded). No paging is
 * documented: a list that is shorter than its count is a part, and what is not in a part is not known to be gone.
 */
export function listIn(json: Json, key: string, what: string): readonly Listed[] {
  const data = at(json, ['data']);
  const items = isObject(data) ? (data[key] ?? []) : undefined;
  if (!Array.isArray(items)) throw malformed(`${what}: the answer holds no list`);
  const count = at(data, ['count']) ?? 0;
  if (typeof count !== 'number' || count > items.length)
    throw malformed(`${what}: the answer says it has ${JSON.stringify(count)} entries and holds ${items.length}`);
  return (items as readonly Json[]).flatMap(item => {
    if (typeof item === 'string') return [{ text: item }];
    if (!isObject(item)) throw malformed(`${what}: an entry is neither a text nor an object`);
    return Object.entries(item).map(([text, level]) => (typeof level === 'number' ? { text, level } : { text }));
  });
}

/**
 * A removal that was answered with success and did not happen. HTTP lets a proxy drop the body of a DELETE (RFC 9110, 9.3.5);
 * the product then removes nothing and says 200.
 */
export const BODY_DROPPED = {
  kind: 'failed',
  reason: 'rejected',
  detail: 'the removal was answered with success, but the entry is still listed; does a proxy drop the body of DELETE?',
} as const;
