import type { Milliseconds } from '../base/duration.ts';
import type { Json } from '../base/json.ts';
import type { TargetKind } from '../base/schema.ts';

/** What an action does to the world (LANGUAGE 8.6). */
export const EFFECTS = ['read', 'message', 'reversible', 'irreversible'] as const;
export type Effect = (typeof EFFECTS)[number];

/** How a step ended: a closed list (LANGUAGE 6). */
export const STATUSES = [
  'done',
  'unconfirmed',
  'skipped',
  'denied',
  'refused',
  'expired',
  'failed',
  'cancelled',
] as const;
export type Status = (typeof STATUSES)[number];

/** Why it ended so. A refusal carries the guardrail's name instead. */
export const REASONS = [
  'timeout', // no answer within the step's timeout
  'auth', // credentials or rights
  'not-found',
  'ambiguous', // several where exactly one was meant
  'conflict', // in force with other content
  'rate-limited',
  'rejected', // the product understood and refused
  'unavailable', // the product answered with trouble of its own (5xx)
  'unreachable', // no connection
  'malformed-answer',
  'missing-input', // an input needed what is not known
  'invalid-input', // an input does not fit the action's schema
  'undecided', // a condition needed what is not known
  'too-many',
  'in-doubt', // sent, and it could not be found out whether it took effect
  'not-yet', // accepted, not seen to take effect by the deadline
  'partial', // a called playbook left something undone
  'bug', // ours
] as const;
export type Reason = (typeof REASONS)[number];

/**
 * What an action answers: the vendor says whether, the engine says when (DESIGN 4, principle 5).
 *
 * - `done`: it is so now; `already` when the product had it before this call.
 * - `unconfirmed`: accepted, not yet seen (an offline sensor).
 * - `retry`: not now; `after` is the product's own wish. `inDoubt` when a write may have taken effect all the same.
 * - `failed`: asking again would not help.
 * - `pending`: under way; the engine calls `resume` with the token, also after a restart.
 */
export type Answer<Output = Json> =
  | { readonly kind: 'done'; readonly output: Output; readonly already?: true }
  | { readonly kind: 'unconfirmed'; readonly output?: Output; readonly detail: string }
  | {
      readonly kind: 'retry';
      readonly reason: Reason;
      readonly after?: Milliseconds;
      readonly inDoubt?: true;
      readonly detail: string;
    }
  | { readonly kind: 'failed'; readonly reason: Reason; readonly detail: string }
  | { readonly kind: 'pending'; readonly token: Json; readonly again: Milliseconds };

/** What a read of the product's state says about an effect. */
export interface Standing {
  /** Whether the effect of this input is in place now, whoever put it there. */
  readonly stands: boolean;
  /** For people: `not listed`, `isolated`. */
  readonly summary: string;
  /** What the product says besides that a person should know: `its allow list overrules the entry`. */
  readonly notes?: readonly string[];
  /** Asked of the product already, and not yet in place (an isolation before the sensor's next check-in): then it is not ours. */
  readonly requested?: true;
  /** What else the product knows the target by, so that guardrails know it too: sensor 31 is DC-01 is 10.0.0.5. */
  readonly targets?: readonly { readonly kind: TargetKind; readonly value: string | number }[];
  /** Whatever undo needs to restore. */
  readonly state?: Json;
}
