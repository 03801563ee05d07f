import type { Engine } from '../engine/engine.ts';
import type { Scheduled } from '../engine/schedules.ts';
import { schedulesOf } from '../engine/schedules.ts';
import type { ScheduleWorld } from './schedule.ts';
import { Schedule, cursorOf } from './schedule.ts';

/** The schedules of the playbooks that are awake. */
export class Schedules {
  readonly #world: ScheduleWorld & { readonly engine: Pick<Engine, 'playbooks'> };
  #running: readonly Schedule[] = [];
  #known: readonly Scheduled[] = [];

  constructor(world: ScheduleWorld & { readonly engine: Pick<Engine, 'playbooks'> }) {
    this.#world = world;
  }

  /** Looks after those of the engine's playbooks, at a start and whenever these were replaced. */
  async follow(): Promise<void> {
    await this.stop();
    const installed = [...this.#world.engine.playbooks.byName.values()];
    const awake = installed.filter(({ mode }) => mode !== 'paused').flatMap(schedulesOf);
    const paused = installed.filter(({ mode }) => mode === 'paused').flatMap(schedulesOf);
    const sources = new Set(awake.map(cursorOf));
    // What is paused or gone misses nothing: should it come back, it begins anew.
    for (const source of new Set([...paused, ...this.#known].map(cursorOf)))
      if (!sources.has(source)) await this.#forget(source);
    this.#known = awake;
    this.#running = awake.map(scheduled => new Schedule(scheduled, this.#world));
    for (const schedule of this.#running) await schedule.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map(schedule => schedule.stop()));
    this.#running = [];
  }

  async #forget(source: string): Promise<void> {
    const { engine } = this.#world;
    const kept = await engine.store.query.cursor(source);
    if (kept !== undefined && kept !== null) await engine.raise([], { cursor: { source, value: null } });
  }
}
