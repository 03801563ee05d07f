import type { Clock } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { HttpAnswer } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Fault } from './circuit.ts';

/**
 * What an answer says of the product as a whole. 429 and what servers in trouble answer (5xx, 408) are faults; any other
 * status is about the one request. 501 is too: the product does not know the method.
 */
export function faultOfAnswer({ status, headers }: HttpAnswer, clock: Clock): Fault | undefined {
  const detail = `status ${status}`;
  const after = retryAfter(headers['retry-after'], clock);
  if (status === 408) return { reason: 'timeout', detail };
  const wish = after === undefined ? {} : { after };
  if (status === 429) return { reason: 'rate-limited', detail, ...wish };
  if (status >= 500 && status !== 501) return { reason: 'unavailable', detail, ...wish };
  return undefined;
}

/** A certificate that is not trusted is no fault that time mends: such a call fails at once, and none waits for it. */
export function faultOfTrouble(error: unknown): Fault | undefined {
  if (!(error instanceof HttpTrouble) || error.reason === 'auth') return undefined;
  return { reason: error.reason, detail: error.message };
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfter(text: string | undefined, clock: Clock): Milliseconds | undefined {
  const wish = text?.trim() ?? '';
  if (/^\d{1,9}$/.test(wish)) return Number(wish) * 1_000;
  // A date of HTTP begins with the name of a day; Date.parse would read more than that.
  const at = /^[A-Z][a-z]{2,8},? /.test(wish) ? Date.parse(wish) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - clock.now());
}
