import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Received } from '../engine/intake.ts';

/** What came through a source since the process began. */
export interface Counts {
  readonly accepted: number;
  readonly duplicates: number;
  /** In the dead-letter list, each with its reason. */
  readonly rejected: number;
  /** Known, and of a kind of which no event is made: not kept. */
  readonly passed: number;
  /** The same by kind. */
  readonly passedBy: { readonly [what: string]: number };
  /** When the last event was accepted. */
  readonly last?: Instant;
  /** How long after it happened, by the product's clock. */
  readonly lag?: Milliseconds;
}

/** Kinds that are counted by name; the names are the sender's. */
const MOST_KINDS = 100;
const REST = 'others';

/** Counts what came through one source. */
export class Tally {
  #accepted = 0;
  #duplicates = 0;
  #rejected = 0;
  #passed = 0;
  readonly #passedBy = new Map<string, number>();
  #last: Instant | undefined;
  #lag: Milliseconds | undefined;

  add(received: readonly Received[], now: Instant): void {
    for (const one of received) {
      if (one.kind === 'rejected') this.#rejected++;
      else if (one.kind === 'duplicate') this.#duplicates++;
      else {
        this.#accepted++;
        this.#last = now;
        this.#lag = Math.max(0, now - Date.parse(one.event.time));
      }
    }
  }

  pass(kinds: readonly string[]): void {
    this.#passed += kinds.length;
    for (const kind of kinds) {
      const name = this.#passedBy.has(kind) || this.#passedBy.size < MOST_KINDS ? kind.slice(0, 64) : REST;
      this.#passedBy.set(name, (this.#passedBy.get(name) ?? 0) + 1);
    }
  }

  get counts(): Counts {
    return {
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      rejected: this.#rejected,
      passed: this.#passed,
      passedBy: Object.fromEntries(this.#passedBy),
      ...(this.#last === undefined ? {} : { last: this.#last }),
      ...(this.#lag === undefined ? {} : { lag: this.#lag }),
    };
  }
}
