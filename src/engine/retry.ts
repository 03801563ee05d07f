import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';

/** How often and how patiently a step is attempted (LANGUAGE 6). `times` counts all attempts, the first included. */
export interface RetryPolicy {
  readonly times: number;
  readonly every: Milliseconds;
  readonly max: Milliseconds;
}

export const DEFAULT_RETRY: RetryPolicy = { times: 3, every: 5_000, max: 120_000 };

/** When to try again after attempt number `attempt` failed; undefined when there is no further attempt before the deadline. */
export function nextAttempt(
  policy: RetryPolicy,
  attempt: number,
  now: Instant,
  deadline: Instant,
  after?: Milliseconds,
): Instant | undefined {
  if (attempt >= policy.times) return undefined;
  // The vendor's own wish wins over our doubling.
  const delay = after ?? Math.min(policy.every * 2 ** (attempt - 1), policy.max);
  const again = now + delay;
  return again < deadline ? again : undefined;
}
