import type { Log } from '../base/service.ts';
import type { Activity } from '../engine/activity.ts';

/**
 * What a source does from its start to its stop, beside everything else. The start does not wait for anything of it: what is
 * down must not keep the daemon from starting.
 */
export class Looped {
  readonly #stopping = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  /** Ended by the stop. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** `work` ends when the signal says so; what it throws is a bug, told with `facts` and `bug`. */
  start(
    work: () => Promise<void>,
    world: { readonly activity: Activity; readonly log: Log },
    { facts, bug }: { readonly facts: object; readonly bug: string },
  ): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ended = promise;
    world.activity.spawn(
      () => work().finally(resolve),
      fault => world.log.error({ err: fault, ...facts }, bug),
    );
  }

  /** Breaks off what is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort(new DOMException('the source stops', 'AbortError'));
    await this.#ended;
  }
}
