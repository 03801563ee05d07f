import type { Question } from '../../base/http.ts';
import type { JsonObject } from '../../base/json.ts';
import { isObject } from '../../base/json.ts';
import { malformed } from '../../action/http-answer.ts';
import { takenJson } from './answer.ts';
import type { Wire } from './client.ts';

/** v1 is in the vendor's reference; no client in use is known to submit in v2. */
const PATH = ['v1', 'skyatp', 'submit', 'sample'];

/** What an action that submits must name. */
export const SUBMITTING: Question = { path: PATH };

/**
 * Submits a file to be analysed, and gives what the product says of it then. The reference was not readable as far as the
 * parameters; `file` for the bytes is the name in the one public client. That the answer is an object is all that is relied on.
 */
export async function postSample(
  { http, signal, settings }: Wire,
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
): Promise<JsonObject> {
  const parts = [{ name: settings.sample_part ?? 'file', file: name, bytes }];
  const json = takenJson(await http({ method: 'POST', path: PATH, body: { parts }, signal }), 'submission');
  if (!isObject(json)) throw malformed('submission: the answer is not an object');
  return json;
}
