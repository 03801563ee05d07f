import type { Instant } from '../base/clock.ts';
import type { QuestionId, RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { Intention } from '../journal/record.ts';
import type { Command, Settlement } from '../machine/command.ts';

/**
 * Where a command stands that has not settled; stored with its run, so that a daemon that starts again goes on from here.
 *
 *   fresh → [asking → approved] → attempting ⇄ backing-off → [pending | doubted] → settled
 */
export type Life =
  /** Nothing has left that must be remembered: begin again from the start. */
  | { readonly stage: 'fresh' }
  /** A question is open: an approval, an `ask`, or whether a lost answer took effect. */
  | {
      readonly stage: 'asking';
      readonly question: QuestionId;
      readonly expires: Instant;
      /** What other people have approved already. */
      readonly approval?: Approval;
    }
  /** Its round has not come to it yet, and people have been asked with those of the other rounds; what they have said. */
  | {
      readonly stage: 'ahead';
      readonly question: QuestionId;
      readonly expires: Instant;
      readonly said?: Approving;
    }
  | { readonly stage: 'approved'; readonly approval: Approval }
  /** The intent is on disk; an attempt may be under way, or was when the power went (E6). */
  | {
      readonly stage: 'attempting';
      readonly intention: Intention;
      readonly attempt: number;
      readonly deadline: Instant;
    }
  /** `inDoubt`: an earlier attempt may have taken effect. */
  | {
      readonly stage: 'backing-off';
      readonly intention: Intention;
      readonly attempt: number;
      readonly deadline: Instant;
      readonly again: Instant;
      readonly inDoubt: boolean;
    }
  | {
      readonly stage: 'pending';
      readonly intention: Intention | null;
      readonly attempt: number;
      readonly deadline: Instant;
      /** An earlier attempt may have taken effect. */
      readonly inDoubt: boolean;
      readonly token: Json;
      readonly again: Instant;
    }
  /** Nobody but a person can say whether it took effect. */
  | {
      readonly stage: 'doubted';
      readonly intention: Intention;
      readonly attempt: number;
      readonly question: QuestionId;
      readonly expires: Instant;
    }
  | { readonly stage: 'waiting'; readonly until: Instant }
  /** A hold is being added to a response that is in force. */
  | { readonly stage: 'joining'; readonly approval?: Approval }
  /** A called run has not ended. */
  | { readonly stage: 'calling'; readonly child: RunId }
  | { readonly stage: 'undoing' }
  /** Settled while its run was closing; the machine is told of it when it is closed. */
  | { readonly stage: 'settled'; readonly settlement: Settlement };

/** Who has approved, and for whom: the terms of guardrails, and `PLAYBOOK` for what the playbook wants. */
export interface Approval {
  readonly by: string;
  readonly rules: readonly string[];
}

/** What came of a question about an approval; without an answer nobody gave one in time. */
export interface Approving {
  readonly answer?: string;
  readonly by?: string;
  /** What the question was for. */
  readonly rules: readonly string[];
}

/** No guardrail has this name. */
export const PLAYBOOK = '(playbook)';

export interface Living {
  readonly command: Command;
  readonly life: Life;
}

/** What has left, or may have, and must be awaited before a run closes (LANGUAGE 8.2). */
export function isInFlight(life: Life): boolean {
  switch (life.stage) {
    case 'attempting':
    case 'backing-off':
    case 'joining':
    case 'calling':
    case 'undoing':
      return true;
    case 'pending':
      return life.intention !== null;
    case 'fresh':
    case 'asking':
    case 'ahead':
    case 'approved':
    case 'doubted':
    case 'waiting':
    case 'settled':
      return false;
  }
}
