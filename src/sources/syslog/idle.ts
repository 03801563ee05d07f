import type { Clock, Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';

export interface IdleOptions {
  readonly clock: Clock;
  readonly longest: Milliseconds;
  /** While it says yes, silence is nobody's fault. */
  isExcused(): boolean;
  expire(): void;
}

/** Calls `expire` once nothing was noticed for so long. One alarm a connection, not one a chunk. */
export class IdleWatch {
  readonly #options: IdleOptions;
  #noticed: Instant;
  #silence: () => void;

  constructor(options: IdleOptions) {
    this.#options = options;
    this.#noticed = options.clock.now();
    this.#silence = this.#arm();
  }

  notice(): void {
    this.#noticed = this.#options.clock.now();
  }

  stop(): void {
    this.#silence();
  }

  #arm(): () => void {
    const { clock, longest } = this.#options;
    return clock.alarm(this.#noticed + longest, () => this.#ring());
  }

  #ring(): void {
    const { clock, longest, isExcused, expire } = this.#options;
    if (isExcused()) this.notice();
    if (clock.now() >= this.#noticed + longest) expire();
    else this.#silence = this.#arm();
  }
}
