import type { Clock, Instant } from '../base/clock.ts';

/**
 * Counts what is under way, so that whoever moves a simulated clock knows when everything waits for time, people or
 * events. A task counts from `spawn` to its end, but not while it sleeps or queues.
 */
export class Activity {
  readonly #clock: Clock;
  #busy = 0;
  #waiters: (() => void)[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs a task that nobody awaits. It must not reject: a fault in it is a bug, reported by `onFault`. */
  spawn(task: () => Promise<void>, onFault: (fault: unknown) => void): void {
    this.enter();
    void task()
      .catch(onFault)
      .finally(() => this.leave());
  }

  enter(): void {
    this.#busy++;
  }

  leave(): void {
    this.#busy--;
    if (this.#busy > 0) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }

  /** Resolves when nothing is under way, and nothing began in the turn of the event loop after that. */
  async idle(): Promise<void> {
    for (;;) {
      if (this.#busy > 0) await new Promise<void>(resolve => this.#waiters.push(resolve));
      await new Promise<void>(resolve => setImmediate(resolve));
      if (this.#busy === 0) return;
    }
  }

  /** Waits for somebody else's call of the handed function, without counting. It counts again from that call on. */
  async away<T>(begin: (back: (value: T) => void) => void): Promise<T> {
    const promise = new Promise<T>(resolve => {
      let isBack = false;
      begin(value => {
        if (isBack) return;
        isBack = true;
        this.enter();
        resolve(value);
      });
    });
    this.leave();
    return promise;
  }

  /** `woken` at or after `at`; `aborted` as soon as the signal says so. */
  async sleep(at: Instant, signal: AbortSignal): Promise<'woken' | 'aborted'> {
    if (signal.aborted) return 'aborted';
    return this.away(back => {
      const cancel = this.#clock.alarm(at, () => {
        signal.removeEventListener('abort', abort);
        back('woken');
      });
      const abort = () => {
        cancel();
        back('aborted');
      };
      signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** A signal that aborts at `at` with a `TimeoutError`, or with its parent. `release` forgets the alarm. */
  deadline(at: Instant, parent: AbortSignal): { readonly signal: AbortSignal; release(): void } {
    const controller = new AbortController();
    const cancel = this.#clock.alarm(at, () =>
      controller.abort(new DOMException('the deadline is over', 'TimeoutError')),
    );
    const follow = () => controller.abort(parent.reason);
    if (parent.aborted) follow();
    else parent.addEventListener('abort', follow, { once: true });
    return {
      signal: controller.signal,
      release() {
        cancel();
        parent.removeEventListener('abort', follow);
      },
    };
  }
}

/** Whether it was aborted by its time being over, and by nobody. */
export function isDeadline({ reason }: AbortSignal): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError';
}
