import { catalogueOf } from '../../src/action/connector.ts';
import { SimulatedClock } from '../../src/base/clock.ts';
import type { Log } from '../../src/base/service.ts';
import { parseNetwork } from '../../src/base/network.ts';
import { connectors } from '../../src/connectors/connectors.ts';
import { Activity } from '../../src/engine/activity.ts';
import type { Engine } from '../../src/engine/engine.ts';
import type { Delivery } from '../../src/engine/intake.ts';
import type { Rejected } from '../../src/engine/ports.ts';
import { StoreTrouble } from '../../src/engine/ports.ts';
import type { Reader } from '../../src/event/reader.ts';
import { zoneNamed } from '../../src/formats/formats.ts';
import type { InletWorld } from '../../src/sources/inlet.ts';
import { Inlet } from '../../src/sources/inlet.ts';
import { START, openWorld } from './world.ts';

/**
 * What a source is tried on: a real engine on a disk in memory, with a clock that a test moves and a disk that it can break.
 * A second source on the same bench is the first one after a restart.
 */
export class SourceBench {
  readonly world: InletWorld;
  readonly clock: SimulatedClock;
  readonly logged: { readonly sentence: string; readonly facts: object }[] = [];
  readonly #engine: Engine;
  #isBroken = false;

  /** Closed when the test ends. */
  static async open(): Promise<SourceBench> {
    const { engine } = await openWorld({ playbooks: [], catalogue: catalogueOf(connectors) });
    return new SourceBench(engine);
  }

  private constructor(engine: Engine) {
    this.clock = new SimulatedClock(START);
    this.#engine = engine;
    const note = (facts: object, sentence: string): void => void this.logged.push({ sentence, facts });
    const log: Log = { debug() {}, info: note, warn: note, error: note };
    this.world = {
      engine: {
        accept: (origin, drafts, more) => this.#accept(origin, drafts, more),
        store: engine.store,
        activity: new Activity(this.clock),
      },
      clock: this.clock,
      log,
    };
  }

  inlet(options: { readonly name: string; readonly origin?: string; readonly readers: readonly Reader[] }): Inlet {
    return new Inlet(
      {
        origin: 'carbonblack',
        zone: zoneNamed('UTC') ?? { offsetAt: () => 0 },
        networks: ['10.0.0.0/8'].flatMap(text => parseNetwork(text) ?? []),
        ...options,
      },
      this.world,
    );
  }

  /** From now on nothing can be put on disk. */
  breakDisk(): void {
    this.#isBroken = true;
  }

  mendDisk(): void {
    this.#isBroken = false;
  }

  /** To the next alarm, if there is one. */
  passTime(): void {
    this.clock.fireNext();
  }

  rejected(): Promise<readonly Rejected[]> {
    return this.#engine.store.query.rejected(100).then(list => list.toReversed());
  }

  /** Lets the event loop turn until it is so; sockets and files are real. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise(resolve => setImmediate(resolve));
  }

  async untilAsync(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise(resolve => setImmediate(resolve));
  }

  async #accept(origin: string, drafts: Parameters<Engine['accept']>[1], more?: Delivery) {
    if (this.#isBroken) throw new StoreTrouble('the disk is full');
    return this.#engine.accept(origin, drafts, more);
  }
}
