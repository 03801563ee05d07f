import { createHash } from 'node:crypto';
import type { ActionContext } from '../../action/action.ts';
import { malformed } from '../../action/http-answer.ts';
import type { Answer } from '../../action/outcome.ts';
import { canonicalAddress } from '../../base/address.ts';
import type { Question } from '../../base/http.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import { foundIn, reasonIn, takenJson, textIn } from './answer.ts';
import type { Settings } from './settings.ts';

export type Wire = Pick<ActionContext<Settings>, 'http' | 'signal'>;

/** Searches are POSTs. */
export const ATTRIBUTES: Question = { path: ['attributes', 'restSearch'] };
export const SIGHTINGS: Question = { path: ['sightings', 'restSearch'] };

/** Rows of one search; a value that more attributes have is said to be incomplete. */
const MOST = 500;

export interface Found {
  /** Each once, with this value or with it as a part: `ip|port`, `filename|md5`. */
  readonly rows: readonly JsonObject[];
  readonly complete: boolean;
}

/**
 * Attributes with a value, those of `Tag` and of their events included (openapi.yaml of MISP, restSearchAttributes). A `%`
 * in it is a wildcard to MISP, so what comes back is compared here.
 */
export async function findAttributes({ http, signal }: Wire, value: string): Promise<Found> {
  const json = { returnFormat: 'json', value: canonicalAddress(value), limit: MOST, page: 1, includeEventTags: true };
  const what = 'attributes';
  const answer = await http({ method: 'POST', path: ATTRIBUTES.path, body: { json }, signal });
  const rows = foundIn(takenJson(answer, what), 'Attribute', what);
  const byId = new Map<string, JsonObject>();
  for (const row of rows) {
    const id = textIn(row, 'id');
    const held = textIn(row, 'value');
    if (id === undefined || held === undefined) throw malformed(`${what}: one has no id or no value`);
    if (isSame(held, value)) byId.set(id, row);
  }
  return { rows: [...byId.values()], complete: rows.length < MOST };
}

/** MISP compares without regard to case, and the parts of a composite value each by itself (Sighting::saveSightings). */
function isSame(held: string, value: string): boolean {
  const wanted = canonicalAddress(value).toLowerCase();
  return [held, ...held.split('|')].some(part => canonicalAddress(part).toLowerCase() === wanted);
}

/** Operators of MISP's search, which a value cannot be kept from being read as. */
export function hasOperator(text: string): boolean {
  return text.startsWith('!') || text.includes('&&') || text.includes('||');
}

/** What the model accepts (Sighting::$validate). As texts: only the text `"2"` replaces an expiration (saveSightings). */
const TYPES = { sighting: '0', 'false-positive': '1', expiration: '2' } as const;

export interface Sighting {
  /** Of all attributes with this value, or of the one with this id or UUID. */
  readonly of: { readonly value: string } | { readonly attribute: string };
  readonly type: keyof typeof TYPES;
  readonly source: string;
}

/** The sighting that the answer names: only the last one, where several attributes have the value. */
export type Taken = { readonly kind: 'taken'; readonly sighting?: JsonObject } | Extract<Answer, { kind: 'failed' }>;

/**
 * Adds a sighting. A refusal is a 200 with a message, `Could not add the Sighting. Reason: …`; versions before August 2019 name
 * no sighting in a good answer either (SightingsController::add, MISP/MISP pull request 5021).
 */
export async function postSighting({ http, signal }: Wire, { of, type, source }: Sighting): Promise<Taken> {
  const whom = 'value' in of ? { values: [canonicalAddress(of.value)] } : { id: of.attribute };
  const body = { json: { ...whom, type: TYPES[type], source } };
  const json = takenJson(await http({ method: 'POST', path: ['sightings', 'add'], body, signal }), 'sighting');
  const sighting = own(json, 'Sighting');
  if (isObject(sighting)) return { kind: 'taken', sighting };
  const reason = reasonIn(json);
  if (reason === undefined) throw malformed('sighting: the answer names neither a sighting nor a reason');
  if (/could not|no valid|invalid/i.test(reason) || own(json, 'errors') !== undefined)
    return {
      kind: 'failed',
      reason: /no valid attributes/i.test(reason) ? 'not-found' : 'rejected',
      detail: `sighting: ${reason}`,
    };
  return { kind: 'taken' };
}

/**
 * Sightings with this source, of the last 30 days, which is what MISP searches if not told otherwise (Sighting::restSearch).
 * A version that does not know the filter passes it over, so it is applied here again.
 */
export async function findSightings({ http, signal }: Wire, source: string): Promise<readonly JsonObject[]> {
  const body = { json: { returnFormat: 'json', source } };
  const answer = await http({ method: 'POST', path: SIGHTINGS.path, body, signal });
  return foundIn(takenJson(answer, 'sightings'), 'Sighting', 'sightings').filter(row => own(row, 'source') === source);
}

/** A source that no other command has: `Backline [4f0c…]`. The column has 255 characters; the key says nothing to others. */
export function sourceOf(named: string | undefined, settings: Settings, key: string): string {
  const { source = 'Backline' } = settings;
  const token = createHash('sha256').update(key).digest('hex').slice(0, 24);
  // MISP trims it, and what cannot be found again as it was sent is no proof.
  return `${(named ?? source).trim()} [${token}]`.trim();
}
