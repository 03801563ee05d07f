import type { Scope } from '../evidence.ts';
import type { Budget } from './budget.ts';
import type { Held, Kind, List, Value } from './value.ts';
import { kindOf } from './value.ts';

/** One function of the closed list (LANGUAGE 4.2): what it takes, what it makes of what is not there, and what it does. */
export interface CelFunction {
  readonly name: string;
  /** `f(x)`, `x.f()`, or either. */
  readonly form: 'function' | 'method' | 'both';
  /** For people: `text.contains(text) -> boolean`. */
  readonly signature: string;
  readonly doc: string;
  /** Of the receiver, if any, and the arguments. */
  readonly takes: readonly (readonly Kind[] | 'any')[];
  /** How many of the last arguments can be left out. */
  readonly optional?: number;
  /** `first` gives what its first argument is, `item` an item of it. */
  readonly gives: Exclude<Kind, 'null' | 'object'> | 'first' | 'number';
  /** What an absent argument makes of the whole; `empty`: it counts as an empty list. */
  readonly absent: 'false' | 'empty' | 'absent' | 'undecided';
  /** The arguments are of the kinds it takes. */
  run(args: readonly Value[], tools: Tools): Held;
}

interface Tools {
  readonly scope: Scope;
  readonly budget: Budget;
}

// The dispatcher has compared the kinds; a mismatch here is a bug of ours.
export function asText(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw new Error(`expected text, got ${kindName(value)}`);
}

export function asWhole(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return value;
  throw new Error(`expected a whole number, got ${kindName(value)}`);
}

export function asList(value: Value | undefined): List {
  if (typeof value === 'object' && value?.kind === 'list') return value;
  throw new Error(`expected a list, got ${kindName(value)}`);
}

export function asValue(value: Value | undefined): Value {
  if (value !== undefined) return value;
  throw new Error('expected an argument');
}

function kindName(value: Value | undefined): string {
  return value === undefined ? 'nothing' : kindOf(value);
}
