import type { Action } from '../action/action.ts';
import type { Answer, Standing } from '../action/outcome.ts';
import type { CommandId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { Reason } from '../action/outcome.ts';
import type { Facts } from '../machine/command.ts';
import type { List } from '../match/types.ts';

/** One attempt at an action, for one command of one run. */
export interface Call {
  readonly action: Action;
  /** Fits the action's schema. */
  readonly input: Json;
  /** The same for every attempt (E3). */
  readonly key: string;
  readonly facts: Facts;
  readonly command: CommandId;
  /** Those that its playbook names. */
  readonly lists: { readonly [name: string]: List };
  readonly attempt: number;
  /** Of a call that had to wait; see {@link Held}. */
  readonly admission?: Admission;
  /** Aborted at the step's deadline, on cancel and at shutdown. */
  readonly signal: AbortSignal;
}

/** Why a call must not be made now: its product does not answer, and is left alone. */
export interface Held {
  readonly reason: Reason;
  readonly detail: string;
  /** Resolves when the call may be made. Rejects as a call would that was not sent. */
  over(signal: AbortSignal): Promise<Admission>;
}

/** A call's place at the head of those that wait. Whoever makes no use of it gives it back. */
export interface Admission {
  giveBack(): void;
}

/** `planned`: nothing was done; what a dry run or a shadow run can say of it. */
export type Performed = Answer | { readonly kind: 'planned'; readonly output?: Json };

/**
 * Who performs. The engine is wired with the one that calls products; a dry run, a shadow run and a case with others.
 * Rejects with `HttpTrouble` or `VerifyTrouble` where a product could not be understood; anything else is our bug.
 */
export interface Performer {
  perform(call: Call): Promise<Performed>;
  resume(call: Call, token: Json): Promise<Performed>;
  /** Asked before a write: what holds it waits here, and is judged after that (E8). Absent where nothing ever is held. */
  held?(call: Omit<Call, 'signal'>): Held | undefined;
  /** Reads whether the effect stands; only asked where the action has `verify`. */
  verify(call: Call): Promise<Standing>;
}
