import type { Action } from '../action/action.ts';
import type { Answer, Standing } from '../action/outcome.ts';
import type { CommandId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
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
  /** Aborted at the step's deadline, on cancel and at shutdown. */
  readonly signal: AbortSignal;
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
  /** Reads whether the effect stands; only asked where the action has `verify`. */
  verify(call: Call): Promise<Standing>;
}
