import { formatInstant } from '../base/clock.ts';
import type { JsonObject } from '../base/json.ts';
import type { Outcome } from './command.ts';

/** `outcome.<id>` as expressions see it. Total: what was not reached is `skipped` (LANGUAGE 1, rule 4). */
export function outcomeView(outcome: Outcome | undefined): JsonObject {
  if (outcome === undefined) return { status: 'skipped', attempts: 0, already: false, planned: false };
  const { status, reason, by, at, attempts = 0, already = false, planned = false } = outcome;
  return {
    status,
    at: formatInstant(at),
    attempts,
    already,
    planned,
    ...(reason === undefined ? {} : { reason }),
    ...(by === undefined ? {} : { by }),
  };
}
