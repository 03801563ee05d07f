import type { Clock, Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import { own } from '../base/json.ts';
import type { Log, Service } from '../base/service.ts';
import type { Engine } from '../engine/engine.ts';
import { StoreTrouble } from '../engine/ports.ts';
import type { Scheduled } from '../engine/schedules.ts';
import { isOf, keyOf, scheduleEvent } from '../engine/schedules.ts';
import { Looped } from './looped.ts';

/** A time that Backline comes to later than this was missed. */
const PUNCTUAL: Milliseconds = 60_000;
/** Until it is tried again, where the store takes nothing. */
const PATIENCE: Milliseconds = 10_000;

export interface ScheduleWorld {
  readonly engine: Pick<Engine, 'raise' | 'store' | 'activity' | 'unfinished' | 'listen'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Up to when a schedule has been looked after, and the last time that woke a run. */
interface Progress {
  readonly since: Instant;
  readonly last?: Instant;
}

/**
 * The clock as a source: raises an event at each time of one schedule. How far it is moves in the commit of the event (E1),
 * so a time is neither lost nor taken twice, whenever the power goes. It never overlaps itself: a time that comes while the
 * run before goes on is treated as missed. Of several that were missed only the last is made up for, if any.
 */
export class Schedule implements Service {
  readonly #scheduled: Scheduled;
  readonly #world: ScheduleWorld;
  readonly #loop = new Looped();

  constructor(scheduled: Scheduled, world: ScheduleWorld) {
    this.#scheduled = scheduled;
    this.#world = world;
  }

  async start(): Promise<void> {
    const { engine, log } = this.#world;
    const world = { activity: engine.activity, log };
    this.#loop.start(() => this.#run(), world, { facts: this.#name(), bug: 'a bug ended this schedule' });
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #run(): Promise<void> {
    const { clock, engine, log } = this.#world;
    const { signal } = this.#loop;
    while (!signal.aborted) {
      try {
        await this.#once(signal);
      } catch (error) {
        if (!(error instanceof StoreTrouble)) throw error;
        log.warn({ ...this.#name(), trouble: error.message }, 'a schedule could not be looked after; trying again');
        await engine.activity.sleep(clock.now() + PATIENCE, signal);
      }
    }
  }

  /** Comes to the next time and deals with it. */
  async #once(signal: AbortSignal): Promise<void> {
    const { calendar, missed } = this.#scheduled;
    const { clock, engine, log } = this.#world;
    const progress = await this.#progress();
    const now = clock.now();
    const due = calendar.latest(now);
    if (due === undefined || due <= progress.since) {
      const next = calendar.next(Math.max(now, progress.since));
      await engine.activity.sleep(next ?? Infinity, signal);
      return;
    }
    if (await this.#isUnderWay()) return this.#runEnds(signal);
    if (missed === 'skip' && now - due > PUNCTUAL) {
      await this.#move({ ...progress, since: due });
      log.warn({ ...this.#name(), due }, 'a scheduled time was missed and is skipped');
      return;
    }
    await this.#raise(due, progress);
  }

  async #raise(due: Instant, progress: Progress): Promise<void> {
    const { engine, log } = this.#world;
    const event = scheduleEvent(this.#scheduled, due, progress.last);
    const [received] = await engine.raise([event], { cursor: this.#cursor({ since: due, last: due }) });
    if (received?.kind === 'rejected') throw new Error(`the event of a schedule was rejected: ${received.reason}`);
    log.info({ ...this.#name(), due }, 'a schedule is due');
  }

  /** A schedule that is new begins now: nothing that would have been due before was missed. */
  async #progress(): Promise<Progress> {
    const { clock, engine } = this.#world;
    const kept = await engine.store.query.cursor(this.#source());
    const [since, last] = [own(kept, 'since'), own(kept, 'last')];
    if (typeof since === 'number') return { since, ...(typeof last === 'number' ? { last } : {}) };
    const progress = { since: clock.now() };
    await this.#move(progress);
    return progress;
  }

  async #move(progress: Progress): Promise<void> {
    await this.#world.engine.raise([], { cursor: this.#cursor(progress) });
  }

  async #isUnderWay(): Promise<boolean> {
    const births = await this.#world.engine.unfinished(this.#scheduled.playbook);
    return births.some(({ facts }) => isOf(this.#scheduled, facts.event));
  }

  /** Or another run does: then it is looked again. */
  async #runEnds(signal: AbortSignal): Promise<void> {
    const { engine } = this.#world;
    await engine.activity.away<void>(back => {
      const forget = engine.listen(records => {
        if (records.some(({ body }) => body.kind === 'ended')) done();
      });
      const done = () => {
        forget();
        signal.removeEventListener('abort', done);
        back();
      };
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });
  }

  #source(): string {
    return cursorOf(this.#scheduled);
  }

  #cursor({ since, last }: Progress) {
    return { source: this.#source(), value: { since, ...(last === undefined ? {} : { last }) } };
  }

  #name() {
    const { playbook, cron, timezone } = this.#scheduled;
    return { playbook, cron, timezone };
  }
}

/** Under which name the store keeps how far a schedule is. */
export function cursorOf(scheduled: Scheduled): string {
  return `schedule ${keyOf(scheduled)}`;
}
