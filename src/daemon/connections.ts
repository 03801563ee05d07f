import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/service.ts';
import { silentLog } from '../base/service.ts';
import type { Activity } from '../engine/activity.ts';
import type { ConfiguredConnection } from './config.ts';
import type { OpenConnection } from './connection.ts';
import { Connection } from './connection.ts';

export type { OpenConnection } from './connection.ts';

interface ConnectionsWorld {
  readonly clock: Clock;
  readonly activity: Activity;
  readonly log?: Log;
}

/** The connections that are configured now, by name. Replaced as a whole; calls under way end on the wire they began on. */
export class Connections {
  readonly #world: ConnectionsWorld;
  #open: ReadonlyMap<string, Connection> = new Map();

  constructor(world: ConnectionsWorld) {
    this.#world = world;
  }

  get(name: string): OpenConnection | undefined {
    return this.#open.get(name);
  }

  all(): readonly OpenConnection[] {
    return [...this.#open.values()];
  }

  replace(configured: readonly ConfiguredConnection[]): void {
    const former = this.#open;
    const { clock, activity, log = silentLog } = this.#world;
    this.#open = new Map(
      configured.map(connection => [connection.name, new Connection(connection, { clock, activity, log })]),
    );
    for (const connection of former.values()) connection.retire();
    for (const { configured: named, ways } of this.#open.values()) {
      for (const { place } of ways.filter(({ isInsecure }) => isInsecure))
        log.warn(
          { connection: named.name, place },
          'INSECURE: whoever answers there is trusted; anybody on the way can read the credentials',
        );
    }
  }

  /** Reads the secrets of all connections again, and uses those that have changed from now on. */
  refresh(): void {
    for (const connection of this.#open.values()) connection.refresh();
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.values()].map(connection => connection.close()));
  }
}
