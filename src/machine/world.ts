import type { Instant } from '../base/clock.ts';
import type { Facts } from './command.ts';
import type { Compiled } from './compiled.ts';
import type { Memory, RunState } from './state.ts';

/** What an evaluation can see besides its own level's memory. Never stored. */
export interface World {
  readonly compiled: Compiled;
  readonly facts: Facts;
  readonly at: Instant;
  /** The memories of the levels around this one, outermost first. */
  readonly outer: readonly Memory[];
  readonly run: Pick<RunState, 'responses' | 'suppressed' | 'status'>;
}
