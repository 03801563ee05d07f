import type { Status } from '../action/outcome.ts';
import type { Instant } from '../base/clock.ts';
import type { CommandId, ResponseKey } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { Outcome } from './command.ts';

/** The state of a run that has not begun. */
export const UNBEGUN: RunState = {
  main: { value: 'waiting', memory: { outcomes: {}, outputs: {} }, fans: {}, awaiting: [] },
  status: 'open',
  responses: [],
  suppressed: 0,
  asked: 0,
};

/** Where a run stands: plain data, all that is needed to go on (E5). Never changed in place. */
export interface RunState {
  readonly main: Level;
  readonly status: 'open' | 'done' | 'partial' | 'failed' | 'cancelled';
  /** What this run put in force or joined, oldest first: `run.responses`. */
  readonly responses: readonly ResponseNote[];
  /** How many events its `once` has held back so far: `run.suppressed`. */
  readonly suppressed: number;
  /** Steps asked for and rounds begun so far. */
  readonly asked: number;
}

/** A response as its own run knows it. */
export interface ResponseNote {
  readonly response: ResponseKey;
  readonly command: CommandId;
  readonly step: string;
  readonly action: string;
  readonly target: string;
  readonly status: 'in force' | 'unconfirmed' | 'planned' | 'undone';
  readonly until?: Instant;
}

/** One machine's place and memory: the run itself, or one round of a loop. */
export interface Level {
  /** XState's state value. */
  readonly value: Json;
  readonly memory: Memory;
  /** Loops under way or finished, by step id. */
  readonly fans: { readonly [step: string]: Fan };
  /** The commands that this level waits for. */
  readonly awaiting: readonly CommandId[];
}

export interface Memory {
  /** How each step and enrichment ended; what is not in it was not reached. */
  readonly outcomes: { readonly [step: string]: Outcome };
  readonly outputs: { readonly [step: string]: Json };
  /** The rounds of finished loops, by the loop's step id. */
  readonly rounds?: { readonly [step: string]: readonly Round[] };
  /** Of each `parallel`, the branches that failed and the steps that failed them, as they came. */
  readonly lost?: { readonly [step: string]: readonly { readonly branch: string; readonly by: string }[] };
  readonly verdict?: Verdict;
  /** Set once, by whatever ended the respond part. */
  readonly ending?: Ending;
  /** A round's item, in the level of a loop. */
  readonly item?: { readonly name: string; readonly value: Json };
}

export interface Verdict {
  readonly is: string;
  readonly because: string;
  readonly missing: readonly string[];
  readonly undecided: readonly string[];
}

export interface Ending {
  readonly kind: 'done' | 'failed' | 'cancelled';
  /** What `finally` has in all counts from here. */
  readonly at: Instant;
  /** Written by a `stop` step: in a loop it ends the whole run. */
  readonly stopped?: true;
  readonly because?: string;
  /** The step that failed, for people. */
  readonly step?: string;
}

export interface Fan {
  readonly items: readonly Json[];
  /** The first item that has not begun. */
  readonly next: number;
  readonly live: { readonly [index: string]: Level };
  readonly rounds: readonly Round[];
}

/** A round that has ended, with what is remembered of it. */
export interface Round extends Memory {
  readonly index: number;
  readonly status: Status;
  readonly reason?: string;
}
