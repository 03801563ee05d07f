import type { Instant } from '../base/clock.ts';
import { misuse } from './exit.ts';

/** What `--at` says, or now. */
export function instantOf(text: string | undefined): Instant {
  if (text === undefined) return Date.now();
  const instant = Date.parse(text);
  if (Number.isNaN(instant)) throw misuse(`--at ${text}: must be a time such as 2026-11-24T09:00:00Z`);
  return instant;
}
