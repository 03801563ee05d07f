import type { DatabaseSync } from 'node:sqlite';
import type { Clock, Instant } from '../../base/clock.ts';
import { StoreTrouble } from '../../engine/ports.ts';
import { inTransaction } from './transaction.ts';
import { troubleOf } from './trouble.ts';

interface Call {
  /** Writes, and gives back how to tell the caller once that is on disk. May be done twice: what it did before was rolled back. */
  readonly work: () => () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Group commit: all calls made in one turn of the event loop share one transaction, hence one fsync, and are answered
 * after its commit, in order. It runs from `setImmediate`, since a loop of commits that resolve as microtasks would
 * keep every timer and socket waiting. Where a call fails, the others do not share its fate: the transaction is rolled
 * back and each call gets one of its own. That is slow, and rare: it takes a fault of ours or a full disk.
 */
export class Group {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  #calls: Call[] = [];
  #closed = false;
  /** Of the last write, if it failed. */
  trouble: { readonly error: StoreTrouble; readonly at: Instant } | undefined;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  run<Result>(work: () => Result): Promise<Result> {
    if (this.#closed) return Promise.reject(new StoreTrouble('the store is closed'));
    return new Promise((resolve, reject) => {
      const call = () => {
        const result = work();
        return () => resolve(result);
      };
      if (this.#calls.push({ work: call, reject }) === 1) setImmediate(() => this.#commit());
    });
  }

  /** Answers what was asked for before, and nothing after. */
  close(): void {
    this.#closed = true;
    this.#commit();
  }

  #commit(): void {
    const calls = this.#calls;
    this.#calls = [];
    if (calls.length === 0 || this.#together(calls)) return;
    for (const call of calls) this.#alone(call);
  }

  #together(calls: readonly Call[]): boolean {
    if (calls.length === 1) return false;
    let answers: (() => void)[];
    try {
      answers = inTransaction(this.#database, () => calls.map(({ work }) => work()));
    } catch {
      // Whose fault it was shows when each is tried alone.
      return false;
    }
    this.trouble = undefined;
    for (const answer of answers) answer();
    return true;
  }

  #alone({ work, reject }: Call): void {
    try {
      const answer = inTransaction(this.#database, work);
      this.trouble = undefined;
      answer();
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble instanceof StoreTrouble) this.trouble = { error: trouble, at: this.#clock.now() };
      reject(trouble);
    }
  }
}
