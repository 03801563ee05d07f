import type { Catalogue } from '../action/connector.ts';
import type { Instant } from '../base/clock.ts';
import { SimulatedClock } from '../base/clock.ts';
import type { Ids, RunId } from '../base/ids.ts';
import { silentLog } from '../base/service.ts';
import { Activity } from '../engine/activity.ts';
import type { People } from '../engine/core.ts';
import { Engine } from '../engine/engine.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import type { OwnWorld } from '../engine/own-performer.ts';
import type { Performer } from '../engine/performer.ts';
import type { Installed } from '../engine/playbooks.ts';
import type { Notice, Store } from '../engine/ports.ts';
import type { JournalRecord } from '../journal/record.ts';
import { createMemoryStore } from '../store/memory/memory.ts';

/**
 * The engine of the daemon in a world of its own: a clock that is moved, a store in memory, ids that count. Plans and cases
 * differ in who performs and in who answers; the engine cannot tell (DESIGN 4, principle 8).
 */
export interface Simulation {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: SimulatedClock;
  readonly activity: Activity;
  /** Everything that was written, of all runs, in order. */
  readonly records: readonly JournalRecord[];
  /** Bugs of ours and messages to owners, for whoever reports. */
  readonly informed: readonly Notice[];
  /** Lets the engine work until it waits, then moves the clock to the next alarm, until `enough` or nothing is due before `limit`. */
  advance(limit: Instant, enough: () => boolean | Promise<boolean>): Promise<void>;
}

export interface SimulationOptions {
  readonly catalogue: Catalogue;
  readonly installed: readonly Installed[];
  readonly guardrails: Guardrails;
  readonly people: People;
  readonly start: Instant;
  readonly url: (run: RunId) => string;
  performer(world: PerformerWorld): Performer;
  /** Looked at whenever the engine waits: scripted people answer here. True when something was done. */
  readonly whenIdle?: (simulation: Simulation) => Promise<boolean>;
}

/** What a performer may share with the simulation that it is part of. */
export interface PerformerWorld extends OwnWorld {
  readonly activity: Activity;
  readonly clock: SimulatedClock;
}

export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const clock = new SimulatedClock(options.start);
  const activity = new Activity(clock);
  const store = createMemoryStore({ clock });
  const performer = options.performer({ activity, clock, store, engine: () => engine });
  const records: JournalRecord[] = [];
  const informed: Notice[] = [];
  const engine: Engine = new Engine({
    world: { store, clock, ids: countingIds(), log: silentLog },
    catalogue: options.catalogue,
    performers: { active: performer, shadow: performer },
    activity,
    people: options.people,
    guardrails: options.guardrails,
    limits: { runs: 1_000, runsPerPlaybook: 1_000 },
    url: options.url,
    inform: async notice => void informed.push(notice),
  });
  engine.listen(written => records.push(...written));
  const simulation: Simulation = {
    engine,
    store,
    clock,
    activity,
    records,
    informed,
    async advance(limit, enough) {
      for (;;) {
        await activity.idle();
        if (await enough()) return;
        if (options.whenIdle !== undefined && (await options.whenIdle(simulation))) continue;
        if (!clock.fireNext(limit)) return;
      }
    },
  };
  await engine.start(options.installed);
  return simulation;
}

/** What a playbook may call, for a dry run of it: nothing else wakes them. */
export function calleesOf({ compiled }: Installed, others: readonly Installed[]): Installed[] {
  return others
    .filter(other => other.compiled.playbook.name !== compiled.playbook.name)
    .map(other => {
      const { playbook } = other.compiled;
      const triggers = playbook.triggers.filter(({ kind }) => kind === 'call');
      return { ...other, mode: 'active', compiled: { ...other.compiled, playbook: { ...playbook, triggers } } };
    });
}

/** Everybody may answer: in a plan and in a case the script decides. */
export const EVERYBODY: People = { mayAnswer: () => true };

function countingIds(): Ids {
  let runs = 0;
  let tokens = 0;
  return { run: () => `run-${++runs}` as RunId, token: () => `token-${++tokens}` };
}
