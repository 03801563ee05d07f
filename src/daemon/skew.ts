import type { Instant } from '../base/clock.ts';
import type { Check } from './connection-checks.ts';

/** Further from a product's clock than this, times of events and of holds cannot be compared. */
const SKEW = 60_000;

/** Held against the `Date` of a product's answer (RFC 9110, 6.6.1). */
export function skewCheck(connection: string, date: string | undefined, now: Instant): Check | undefined {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs) || Math.abs(theirs - now) <= SKEW) return undefined;
  const seconds = Math.round(Math.abs(theirs - now) / 1_000);
  const detail = `${connection} is ${seconds} s ${theirs > now ? 'ahead of' : 'behind'} this machine`;
  return { name: 'clock', result: 'warning', detail, hint: 'one of the two is not synchronised' };
}
