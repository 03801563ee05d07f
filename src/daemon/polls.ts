import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { PollHealth } from '../sources/poll.ts';
import { Poll } from '../sources/poll.ts';
import type { ConfiguredConnection } from './config.ts';
import type { Connections } from './connections.ts';

/** The sources that are polled now. */
export class Polls {
  readonly #world: {
    readonly engine: Engine;
    readonly connections: Connections;
    readonly clock: Clock;
    readonly log: Log;
  };
  #polls: readonly Poll[] = [];

  constructor(world: {
    readonly engine: Engine;
    readonly connections: Connections;
    readonly clock: Clock;
    readonly log: Log;
  }) {
    this.#world = world;
  }

  get health(): readonly PollHealth[] {
    return this.#polls.map(poll => poll.health);
  }

  /** Stops those that are, then starts what is configured: no source is ever asked by two. */
  async replace(connections: readonly ConfiguredConnection[]): Promise<void> {
    await this.stop();
    this.#polls = connections.flatMap(connection => this.#pollsOf(connection));
    for (const poll of this.#polls) await poll.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#polls.map(poll => poll.stop()));
    this.#polls = [];
  }

  #pollsOf({ name, connector, poll }: ConfiguredConnection): Poll[] {
    const { engine, connections, clock, log } = this.#world;
    const open = connections.get(name);
    if (open === undefined) return [];
    return connector.sources.flatMap(source => {
      const every = poll.get(source.name);
      if (every === undefined) return [];
      return [
        new Poll({
          origin: name,
          source,
          settings: () => open.configured.settings,
          every,
          use: (signal, call) => open.use(signal, ({ http }) => call(http)),
          engine,
          clock,
          log,
        }),
      ];
    });
  }
}
