import { onTestFinished } from 'vitest';
import type { Catalogue } from '../../src/action/connector.ts';
import type { Instant } from '../../src/base/clock.ts';
import { SimulatedClock, formatInstant } from '../../src/base/clock.ts';
import type { Ids, QuestionId, RunId } from '../../src/base/ids.ts';
import type { JsonObject } from '../../src/base/json.ts';
import type { Log } from '../../src/base/service.ts';
import { Activity } from '../../src/engine/activity.ts';
import type { People } from '../../src/engine/core.ts';
import { Engine } from '../../src/engine/engine.ts';
import type { Guardrails } from '../../src/engine/guardrails.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import { ownPerformer } from '../../src/engine/own-performer.ts';
import type { Performer } from '../../src/engine/performer.ts';
import type { Installed } from '../../src/engine/playbooks.ts';
import type { Notice, ResponseFilter, Store, StoredRun } from '../../src/engine/ports.ts';
import type { Limits } from '../../src/engine/scheduler.ts';
import type { JournalRecord, RecordBody, ResponseRow } from '../../src/journal/record.ts';
import { Schedules } from '../../src/sources/schedules.ts';
import { Board } from './board.ts';
import type { Disk } from './disk.ts';
import { createDisk } from './disk.ts';
import { labCatalogue } from './lab.ts';
import type { Cut } from './power.ts';
import { Power } from './power.ts';

export const START: Instant = Date.parse('2026-03-01T09:00:00Z');

export interface WorldOptions {
  readonly playbooks: readonly Installed[];
  readonly disk?: Disk;
  readonly board?: Board;
  readonly guardrails?: Guardrails;
  readonly limits?: Limits;
  readonly people?: People;
  readonly catalogue?: Catalogue;
  /** In the place of the board. */
  readonly performer?: Performer;
  readonly cut?: Cut;
}

/** Everybody may answer unless excepted. */
const PEOPLE: People = { mayAnswer: (by, _who, except) => !except.includes(by) };

/**
 * A daemon's inside on a disk, in a world that a test moves: the clock stands until it is told, products answer as the
 * board says. A world can lose its power and start again on the same disk.
 */
export class TestWorld {
  readonly clock = new SimulatedClock(START);
  readonly board: Board;
  readonly disk: Disk;
  /** Of all engines that ran here, as they were told of them. */
  readonly records: JournalRecord[] = [];
  readonly informed: Notice[] = [];
  /** Why no owner can be told anything. */
  deaf?: string;
  readonly logged: { readonly level: string; readonly facts: object; readonly sentence: string }[] = [];
  readonly #options: WorldOptions;
  #life: Life | undefined;
  #guardrails: Guardrails;
  #playbooks: readonly Installed[];
  #ids = 0;
  #events = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#playbooks = options.playbooks;
    this.#guardrails = options.guardrails ?? NO_GUARDRAILS;
    this.board = options.board ?? new Board();
    this.disk = options.disk ?? createDisk('memory');
  }

  get engine(): Engine {
    return this.#alive().engine;
  }

  get store(): Store {
    return this.#alive().store;
  }

  get power(): Power {
    return this.#alive().power;
  }

  async start(cut?: Cut): Promise<void> {
    const { catalogue = labCatalogue, limits = { runs: 100, runsPerPlaybook: 100 }, people = PEOPLE } = this.#options;
    const power = new Power(cut);
    const clock = power.clock(this.clock);
    const activity = new Activity(clock);
    const store = await this.disk.open(this.clock);
    const performer = this.#options.performer ?? this.board.performer(activity, () => power.isOn);
    const guarded = power.store(store);
    const performing = ownPerformer({ store: guarded, clock, engine: () => engine }, performer);
    const engine: Engine = new Engine({
      world: { store: guarded, clock, ids: this.#idsOf(), log: this.#log() },
      catalogue,
      performers: { active: performing, shadow: performing },
      activity,
      people,
      guardrails: this.#guardrails,
      limits,
      url: run => `https://backline.example/runs/${run}`,
      inform: async notice => {
        if (!power.isOn) return new Promise(() => {});
        if (this.deaf === undefined) this.informed.push(notice);
        return this.deaf;
      },
    });
    engine.listen(records => {
      if (power.isOn) this.records.push(...records);
    });
    const schedules = new Schedules({ engine, clock, log: this.#log() });
    this.#life = { engine, power, store, activity, schedules };
    await Promise.race([engine.start(this.#playbooks).then(() => schedules.follow()), power.off]);
  }

  /** As a reload does. */
  async setPlaybooks(playbooks: readonly Installed[]): Promise<void> {
    this.#playbooks = playbooks;
    await this.engine.setPlaybooks(playbooks);
    await this.#alive().schedules.follow();
  }

  setGuardrails(guardrails: Guardrails): void {
    this.#guardrails = guardrails;
    this.engine.setGuardrails(guardrails);
  }

  /** An alarm on a host, as its product would send it, and the run that it wakes. */
  async alarm(fields: JsonObject = {}): Promise<RunId> {
    const [run] = await this.alarms(fields);
    if (run === undefined) throw new Error('the alarm woke nothing');
    return run;
  }

  /** The same, with all the runs that it wakes. */
  async alarms(fields: JsonObject = {}): Promise<readonly RunId[]> {
    const number = ++this.#events;
    const [received] = await this.send({
      id: `a${number}`,
      type: 'lab.alarm',
      alarm: { id: `a${number}` },
      host: { name: 'h1' },
      ...fields,
    });
    if (received?.kind !== 'accepted') throw new Error(`the alarm was ${received?.kind}`);
    return received.runs;
  }

  async cleared(alarm: string): Promise<void> {
    await this.send({ id: `cleared-${alarm}-${++this.#events}`, type: 'lab.cleared', alarm: { id: alarm } });
  }

  send(draft: JsonObject) {
    return this.engine.accept('lab', [{ time: formatInstant(this.clock.now()), ...draft }]);
  }

  /** Resolves when everything waits for time, people, events, or the board; or when the power has gone. */
  async idle(): Promise<void> {
    const { activity, power } = this.#alive();
    await Promise.race([activity.idle(), power.off]);
  }

  /** Lets so much time pass, alarm by alarm; it stands when the power goes. */
  async pass(milliseconds: number): Promise<void> {
    const { power } = this;
    const until = this.clock.now() + milliseconds;
    do await this.idle();
    while (power.isOn && this.clock.fireNext(until));
    if (power.isOn) this.clock.moveTo(until);
  }

  /** Lets time pass until no run is unfinished, `whenIdle` being asked in between whether it has something to do. */
  async finish(whenIdle: () => Promise<boolean> = async () => false): Promise<void> {
    for (;;) {
      await this.idle();
      if (!this.power.isOn) return;
      if (await whenIdle()) continue;
      const { runs } = await this.store.query.counts();
      if ((runs['open'] ?? 0) + (runs['queued'] ?? 0) === 0) return;
      if (!this.clock.fireNext()) throw new Error('a run is unfinished and waits for nothing');
    }
  }

  /** The power goes, and comes back. */
  async crash(cut?: Cut): Promise<void> {
    this.power.switchOff();
    await this.disk.release();
    await this.start(cut);
  }

  /** The daemon is stopped and started again. */
  async restart(): Promise<void> {
    await Promise.race([this.#stop(), this.power.off]);
    this.power.switchOff();
    await this.disk.release();
    await this.start();
  }

  async run(id: RunId): Promise<StoredRun> {
    const stored = await this.store.query.run(id);
    if (stored === undefined) throw new Error(`no run ${id}`);
    return stored;
  }

  async status(id: RunId): Promise<string> {
    return (await this.run(id)).head.status;
  }

  /** Status and reason of a step, as the run remembers it. */
  async outcome(id: RunId, step: string): Promise<string | undefined> {
    const outcome = (await this.run(id)).head.state.main.memory.outcomes[step];
    return outcome && [outcome.status, outcome.reason].filter(Boolean).join(': ');
  }

  async journal(id: RunId): Promise<readonly RecordBody[]> {
    return (await this.store.query.records(id)).map(({ body }) => body);
  }

  async inForce(filter: Partial<ResponseFilter> = {}): Promise<ResponseRow[]> {
    return this.store.query.responses({ inForce: true, limit: 1_000, ...filter });
  }

  /** The open question; there must be exactly one. */
  async question(): Promise<QuestionId> {
    const open = await this.store.query.questions({ open: true, limit: 10 });
    const [row] = open;
    if (row === undefined || open.length > 1) throw new Error(`${open.length} questions are open`);
    return row.question.id;
  }

  async close(): Promise<void> {
    await this.#stop();
    this.power.switchOff();
    await this.disk.remove();
  }

  async #stop(): Promise<void> {
    const { engine, power, schedules } = this.#alive();
    await Promise.race([schedules.stop(), power.off]);
    await engine.stop();
  }

  #alive(): Life {
    if (this.#life === undefined) throw new Error('the world has not been started');
    return this.#life;
  }

  #idsOf(): Ids {
    return { run: () => `run-${++this.#ids}` as RunId, token: () => `token-${++this.#ids}` };
  }

  #log(): Log {
    const at = (level: string) => (facts: object, sentence: string) =>
      void this.logged.push({ level, facts, sentence });
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  }
}

interface Life {
  readonly engine: Engine;
  readonly power: Power;
  readonly store: Store;
  readonly activity: Activity;
  readonly schedules: Schedules;
}

/** A started world that ends with its test, and in which no bug of ours may have shown. */
export async function openWorld(options: WorldOptions): Promise<TestWorld> {
  const world = new TestWorld(options);
  await world.start(options.cut);
  onTestFinished(async () => {
    await world.close();
    const bugs = world.logged
      .filter(({ level }) => level === 'error')
      .map(({ facts, sentence }) => `${sentence}: ${faultOf(facts)}`);
    if (bugs.length > 0) throw new Error(`the engine reported: ${bugs.join('\n')}`);
  });
  return world;
}

function faultOf(facts: object): string {
  const fault = 'err' in facts ? facts.err : undefined;
  return fault instanceof Error ? (fault.stack ?? fault.message) : JSON.stringify(facts);
}
