import type { Clock } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Service } from '../base/service.ts';
import type { Connections } from './connections.ts';

/** How often files of secrets are read: they are few and small, and what is mounted there tells of no change. */
const EVERY: Milliseconds = 30_000;

/** Reads the secrets of connections again and again, so that one that was rotated is used without a restart. */
export class SecretWatch implements Service {
  readonly #clock: Clock;
  readonly #connections: Pick<Connections, 'refresh'>;
  #cancel: (() => void) | undefined;

  constructor({ clock, connections }: { readonly clock: Clock; readonly connections: Pick<Connections, 'refresh'> }) {
    this.#clock = clock;
    this.#connections = connections;
  }

  async start(): Promise<void> {
    this.#cancel = this.#clock.alarm(this.#clock.now() + EVERY, () => {
      this.#connections.refresh();
      void this.start();
    });
  }

  async stop(): Promise<void> {
    this.#cancel?.();
  }
}
