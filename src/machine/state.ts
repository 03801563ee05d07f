import type { CommandId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import type { Outcome } from './command.ts';

/** Where a run stands: plain data, all that is needed to go on (E5). Never changed in place. */
export interface RunState {
  readonly main: Level;
  readonly status: 'open' | 'done' | 'partial' | 'failed' | 'cancelled';
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

export interface Round {
  readonly index: number;
  readonly status: 'done' | 'failed' | 'skipped';
  readonly reason?: string;
  readonly outcomes: { readonly [step: string]: Outcome };
  readonly outputs: { readonly [step: string]: Json };
}
