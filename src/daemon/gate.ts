import type { Clock, Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';

const MINUTE: Milliseconds = 60_000;

export interface GateLimits {
  /** Calls under way at once. */
  readonly concurrency: number;
  /** Calls begun in any stretch of a minute: a product that counts by the minute on the clock never sees more. */
  readonly rate?: number;
  /** At most so many wait; more are turned away. */
  readonly queue?: number;
}

export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/** Who waits is told so, that the wait does not count as work. */
export interface Waiting {
  begin(): void;
  end(): void;
}

/** What keeps a product from being called too often: at most so many at once and in a minute, first come first served. */
export class Gate {
  readonly #clock: Clock;
  readonly #limits: GateLimits;
  readonly #queue: (() => void)[] = [];
  #underWay = 0;
  /** When the last calls began, oldest first; at most `rate` of them. */
  readonly #begun: Instant[] = [];
  #alarm: (() => void) | undefined;

  constructor(clock: Clock, limits: GateLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Resolves when the call may go, with what to do when it has ended. Rejects with the signal's reason, or where too many wait. */
  pass(signal: AbortSignal, waiting: Waiting): Promise<() => void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#queue.length === 0 && this.#isOpen()) return Promise.resolve(this.#enter());
    if (this.#queue.length >= (this.#limits.queue ?? Infinity)) return Promise.reject(new QueueFull());
    waiting.begin();
    return new Promise((resolve, reject) => {
      const go = (): void => {
        signal.removeEventListener('abort', abort);
        waiting.end();
        resolve(this.#enter());
      };
      const abort = (): void => {
        this.#queue.splice(this.#queue.indexOf(go), 1);
        waiting.end();
        reject(signal.reason);
        this.#pump();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.push(go);
      this.#pump();
    });
  }

  #isOpen(): boolean {
    return this.#underWay < this.#limits.concurrency && this.#next() <= this.#clock.now();
  }

  /** When the rate lets the next one go. */
  #next(): Instant {
    const { rate } = this.#limits;
    const [oldest] = this.#begun;
    return rate === undefined || oldest === undefined || this.#begun.length < rate ? -Infinity : oldest + MINUTE;
  }

  #enter(): () => void {
    this.#underWay++;
    if (this.#limits.rate !== undefined) {
      this.#begun.push(this.#clock.now());
      if (this.#begun.length > this.#limits.rate) this.#begun.shift();
    }
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.#underWay--;
      this.#pump();
    };
  }

  #pump(): void {
    while (this.#queue.length > 0 && this.#isOpen()) this.#queue.shift()?.();
    this.#alarm?.();
    this.#alarm = undefined;
    if (this.#queue.length > 0 && this.#underWay < this.#limits.concurrency) {
      this.#alarm = this.#clock.alarm(this.#next(), () => this.#pump());
    }
  }
}
