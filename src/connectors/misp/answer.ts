import { Refusal, acceptedJson, malformed, refusalOf } from '../../action/http-answer.ts';
import type { HttpAnswer } from '../../base/http.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';

/**
 * The JSON of a 2xx; else throws what it means. Two statuses do not mean what they say: a missing right was a 405 once
 * (MISP/MISP issue 3193), and a record that is not saved is a 403 (RestResponseComponent::saveFailResponse), which is
 * told from a missing right by its `errors`.
 */
export function takenJson(answer: HttpAnswer, what: string): Json {
  const { status, json } = answer;
  if (status !== 403 && status !== 405) return acceptedJson(answer, what);
  const refusal = refusalOf(answer, what);
  const message = own(json, 'message');
  const isRight = typeof message === 'string' && /permission|authori[sz]ed/i.test(message);
  if (isRight || (status === 403 && own(json, 'errors') === undefined))
    throw new Refusal({
      kind: 'failed',
      reason: 'auth',
      detail: `${refusal.detail}. Does the key's role have the right, and may the key be used from this address?`,
    });
  throw new Refusal({ kind: 'failed', reason: 'rejected', detail: refusal.detail });
}

/**
 * What a search found. `{"response":{"Attribute":[…]}}` for attributes, `{"response":[{"Sighting":{…}}]}` for sightings;
 * where nothing is found PHP may write `[]` for the object too.
 */
export function foundIn(json: Json, name: 'Attribute' | 'Sighting', what: string): readonly JsonObject[] {
  const response = own(json, 'response');
  if (response === undefined) throw refusedIn(json, what);
  const rows = isObject(response) ? own(response, name) : response;
  if (!Array.isArray(rows)) throw malformed(`${what}: the answer holds no list`);
  return (rows as readonly Json[]).map(row => {
    const found = own(row, name) ?? row;
    if (!isObject(found)) throw malformed(`${what}: an entry is not an object`);
    return found;
  });
}

/** A refusal can be a 200 that holds a message in place of what was asked for. */
function refusedIn(json: Json, what: string): Refusal {
  const reason = reasonIn(json);
  if (reason === undefined) return malformed(`${what}: the answer holds no response`);
  return new Refusal({ kind: 'failed', reason: 'rejected', detail: `${what}: ${reason}` });
}

/** What the product says of itself, quoted: `message`, or `name`, with `errors` where there are some. */
export function reasonIn(json: Json): string | undefined {
  const said = own(json, 'errors') ?? own(json, 'message') ?? own(json, 'name');
  if (said === undefined || said === null) return undefined;
  return JSON.stringify((typeof said === 'string' ? said : JSON.stringify(said)).slice(0, 200));
}

/** Numbers are texts in most answers: `"id": "12"`. */
export function textIn(row: JsonObject, key: string): string | undefined {
  const value = own(row, key);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
