import type { IncidentResult } from '../action/own.ts';
import { OWN } from '../action/own.ts';
import type { Catalogue } from '../action/connector.ts';
import type { Instant } from '../base/clock.ts';
import type { InputId, QuestionId, ResponseKey, RunId, Version } from '../base/ids.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { JournalRecord } from '../journal/record.ts';
import type { Compiled } from '../machine/compiled.ts';
import { fillIn } from '../machine/form.ts';
import type { EventType } from '../event/event.ts';
import type { HostRules } from '../event/identity.ts';
import { HOST_RULES } from '../event/identity.ts';
import { Activity } from './activity.ts';
import type { Core, People } from './core.ts';
import type { Guardrails } from './guardrails.ts';
import type { Deciding, Delivery, Handed, Received } from './intake.ts';
import { decideIntake, isCorrelated, receivedOf } from './intake.ts';
import { Lanes } from './lanes.ts';
import type { TakenBack, Undone } from './ledger.ts';
import { Ledger } from './ledger.ts';
import { Pause } from './pause.ts';
import { incidentClosed } from './own-events.ts';
import type { Performer } from './performer.ts';
import type { Installed, PlaybookSet } from './playbooks.ts';
import { playbookSet } from './playbooks.ts';
import type { Birth } from '../journal/record.ts';
import type { Input, InputBody, Intake, Notice, QuestionRow, Store, StoredRun, World } from './ports.ts';
import { QUEUED, StaleHosts } from './ports.ts';
import { Run } from './run.ts';
import type { Limits, Waiting } from './scheduler.ts';
import { Scheduler } from './scheduler.ts';
import { takeBack } from './undo.ts';
import { wakeOf } from './wake.ts';
import { Watches } from './watches.ts';

/*
 * The engine: events come in, runs go on, commands go out, and everything is on disk before anybody relies on it. What it
 * needs of the world is in ports.ts and performer.ts; it opens no file and no socket, and reads no clock but the one it
 * is given, so that a dry run, a case and a test walk the very same road.
 *
 * E1–E10 are the promises of docs/reference/promises.md; test/promises/ holds each.
 */

export interface EngineOptions {
  readonly world: World;
  readonly catalogue: Catalogue;
  readonly performers: { readonly active: Performer; readonly shadow: Performer };
  /** Shared with performers that sleep on the same clock. */
  readonly activity?: Activity;
  readonly people: People;
  readonly guardrails: Guardrails;
  readonly limits: Limits;
  /** By which hosts are told apart, as they are now; the usual ones if not given. */
  readonly hosts?: () => HostRules;
  /** Where people look at a run. */
  url(run: RunId): string;
  /** Tells a person what nobody else was told: a run failed, a response could not be taken back. Resolves with what stood in the way. */
  inform(notice: Notice, key: string): Promise<string | undefined>;
}

/** Ended runs that stay in memory, in case somebody asks. */
const ENDED_KEPT = 256;
/** So often a batch is decided anew, since others were faster. */
const STALE = 1_000;

export interface PlaybooksUndo {
  readonly by: string;
  readonly because: string;
  readonly what: { readonly response: ResponseKey } | { readonly runs: readonly RunId[] };
}

export type Answered =
  | 'answered'
  | 'unknown-question'
  | 'closed'
  | 'not-allowed'
  | 'unknown-answer'
  | 'duplicate'
  /** What is wrong with what was filled in. */
  | { readonly problems: readonly string[] };

export class Engine {
  readonly activity: Activity;
  readonly #options: EngineOptions;
  readonly #eventTypes = new Map<string, EventType>();
  readonly #core: Core;
  readonly #scheduler: Scheduler;
  readonly #stopping = new AbortController();
  readonly #runs = new Map<RunId, Promise<Run>>();
  readonly #ended: RunId[] = [];
  readonly #lost = new Set<RunId>();
  readonly #compiled = new Map<Version, Compiled>();
  readonly #listeners = new Set<(records: readonly JournalRecord[]) => void>();
  #set: PlaybookSet = playbookSet([]);
  #guardrails: Guardrails;

  constructor(options: EngineOptions) {
    const { world } = options;
    this.#options = options;
    this.#guardrails = options.guardrails;
    this.setEventTypes(options.catalogue.eventTypes);
    this.activity = options.activity ?? new Activity(world.clock);
    this.#scheduler = new Scheduler(options.limits);
    const pause = new Pause();
    const core: Omit<Core, 'ledger'> = {
      ...world,
      activity: this.activity,
      lanes: new Lanes(this.activity),
      catalogue: { ...options.catalogue, eventTypes: this.#eventTypes },
      performers: options.performers,
      people: options.people,
      watches: new Watches(),
      pause,
      stopping: this.#stopping.signal,
      guardrails: () => this.#guardrails,
      hostRules: () => this.hostRules,
      guardrailChanges: new Set(),
      run: id => this.#run(id),
      committed: records => this.#committed(records),
      playbook: name => this.#set.byName.get(name),
      url: id => options.url(id),
      bear: async wake => {
        const { births } = await world.store.wake([wake]);
        await this.#born(births);
      },
      handOn: input =>
        this.activity.spawn(
          () => this.#each(input.run, run => run.receive(input)),
          fault => this.#core.fault(fault, `run ${input.run}`),
        ),
      emit: async (type, event, hops) => onlyOf(await this.#accept({ origin: type, drafts: [event], hops })),
      raise: async event => onlyOf(await this.raise([event])),
      moved: run => this.#moved(run),
      lost: (run, fault) => this.#takeUpAnew(run, fault),
      inform: (notice, key) => options.inform(notice, key),
      fault: (fault, where) => {
        if (!this.#stopping.signal.aborted)
          world.log.error({ err: fault, where }, 'a bug that no run can be blamed for');
      },
    };
    this.#core = core as Core;
    Object.assign(this.#core, { ledger: new Ledger(this.#core) });
  }

  get store(): Store {
    return this.#core.store;
  }

  /** Counts for health and metrics. */
  get load(): { readonly busy: number; readonly waiting: number } {
    return { busy: this.#scheduler.busy, waiting: this.#scheduler.waiting };
  }

  /** Goes on where the last daemon stopped or fell: runs in the order of acceptance, then the ledger's holds. */
  async start(playbooks: readonly Installed[]): Promise<void> {
    const { store, pause } = this.#core;
    pause.set(await store.query.pause());
    await this.setPlaybooks(playbooks);
    const queued: Queued[] = [];
    const stored: StoredRun[] = [];
    for await (const run of store.load()) {
      if (run.head.status === 'queued') queued.push(queuedOf(run.birth));
      if (run.head.status !== 'queued' || run.inputs.length > 0) stored.push(run);
    }
    const runs: { run: Run; inputs: readonly Input[] }[] = [];
    for (const found of stored) runs.push({ run: await this.#adopt(found), inputs: found.inputs });
    await this.#core.ledger.load();
    for (const { run } of runs) if (run.status !== 'queued') this.#scheduler.adopt(run);
    for (const { run, inputs } of runs) {
      if (run.status !== 'queued') await run.resume().catch((fault: unknown) => run.bug(fault));
      for (const input of inputs) run.receive(input);
    }
    for (const waiting of queued) this.#enqueue(waiting, () => this.#run(waiting.id));
  }

  /** Breaks off reads, leaves writes to the next start, commits what is known. Costs no run an attempt (E7). */
  async stop(): Promise<void> {
    this.#stopping.abort(new DOMException('the daemon stops', 'AbortError'));
    await new Promise<void>(resolve => setImmediate(resolve));
    // A store that takes nothing any more leaves it to the next start, like a crash.
    await Promise.allSettled([...this.#runs.values()].map(async run => (await run).saved()));
  }

  /** All or nothing is the caller's: what is handed over here has loaded. Runs keep the version they were born with. */
  async setPlaybooks(playbooks: readonly Installed[]): Promise<void> {
    await this.#core.store.note(
      playbooks.map(({ compiled }) => ({
        kind: 'version',
        playbook: compiled.playbook.name,
        version: compiled.playbook.version,
        compiled: withoutRules(compiled) as unknown as Json,
      })),
    );
    for (const { compiled } of playbooks) this.#compiled.set(compiled.playbook.version, compiled);
    this.#set = playbookSet(playbooks);
    await this.#forgetVersions();
  }

  /** Versions that nothing in memory is of: a run that is thawed later brings its own from the store. */
  async #forgetVersions(): Promise<void> {
    const used = new Set([...this.#set.byName.values()].map(({ compiled }) => compiled.playbook.version));
    for (const run of await Promise.allSettled(this.#runs.values())) {
      if (run.status === 'fulfilled') used.add(run.value.birth.version);
    }
    for (const version of this.#compiled.keys()) if (!used.has(version)) this.#compiled.delete(version);
  }

  /** Of a playbook's runs that have not ended. */
  async unfinished(playbook: string): Promise<readonly Birth[]> {
    const births: Birth[] = [];
    for (const status of ['queued', 'open'] as const) {
      const rows = await this.#core.store.query.runs({ playbook, status, limit: Number.MAX_SAFE_INTEGER });
      for (const { run } of rows) {
        const stored = await this.#core.store.query.run(run);
        if (stored !== undefined) births.push(stored.birth);
      }
    }
    return births;
  }

  get playbooks(): PlaybookSet {
    return this.#set;
  }

  setGuardrails(guardrails: Guardrails): void {
    this.#guardrails = guardrails;
    for (const tell of [...this.#core.guardrailChanges]) tell();
  }

  /** Those that the project declares may change while it runs. */
  setEventTypes(types: ReadonlyMap<string, EventType>): void {
    this.#eventTypes.clear();
    for (const [name, type] of types) this.#eventTypes.set(name, type);
  }

  get hostRules(): HostRules {
    return this.#options.hosts?.() ?? HOST_RULES;
  }

  get guardrails(): Guardrails {
    return this.#guardrails;
  }

  /** E1: resolves when everything is on disk; rejects with `StoreTrouble` when nothing is. */
  async accept(origin: string, drafts: readonly Json[], more: Delivery = {}): Promise<Received[]> {
    return this.#accept({ origin, drafts, ...more });
  }

  /** The same for what Backline itself has to say: no source may bring an event of its own. */
  async raise(drafts: readonly Json[], more: Delivery = {}): Promise<Received[]> {
    return this.#accept({ origin: OWN, drafts, ...more, isOwn: true });
  }

  async #accept(handed: Handed): Promise<Received[]> {
    return this.#busy(async () => {
      const { watches } = this.#core;
      const known = watches.added;
      const { deciding, intakes } = await this.#decided(handed);
      for (const intake of intakes) {
        if (intake.kind === 'duplicate') continue;
        await this.#born(intake.births);
        // All of it is on disk: trouble with one holds up no other, and is no reason for the source to send it again.
        // Who is read from the disk later has it from there.
        for (const { by } of intake.suppressed)
          if (this.#runs.has(by)) await this.#each(by, run => run.suppressedOneMore());
        for (const input of intake.inputs) await this.#each(input.run, run => run.receive(input));
      }
      const received = receivedOf(deciding, intakes);
      if (watches.added > known) await this.#tellNewcomers(received, known);
      return received;
    });
  }

  /** One after another where events are correlated: what one finds in a group, no other may change until it is on disk. */
  async #decided(handed: Handed): Promise<{ readonly deciding: Deciding; readonly intakes: readonly Intake[] }> {
    const { store, lanes } = this.#core;
    const leave = isCorrelated(this.#set, handed.drafts) ? await lanes.enter('correlate') : undefined;
    try {
      for (let again = 0; ; again++) {
        const deciding = await decideIntake(this.#core, this.#set, run => this.#options.url(run), handed);
        try {
          return { deciding, intakes: await store.accept(deciding.batch) };
        } catch (error) {
          // Somebody else has told meanwhile who a host of ours is: then that one is on disk, and this one's turn comes.
          if (!(error instanceof StaleHosts) || again === STALE) throw error;
        }
      }
    } finally {
      leave?.();
    }
  }

  /** Starts a playbook by hand. Its inputs have been checked. */
  async wake(
    name: string,
    inputs: JsonObject,
    person: string,
  ): Promise<{ readonly run: RunId } | { readonly refused: string }> {
    return this.#busy(async () => {
      const installed = this.#set.byName.get(name);
      if (installed === undefined) return { refused: `no playbook ${name}` };
      const id = this.#core.ids.run();
      const waking = wakeOf(installed, id, this.#core.clock.now(), this.#options.url(id), { inputs, person });
      if ('refused' in waking) return waking;
      // What a hold or a wait of it looks at begins here; nothing that was so before wakes or ends anything.
      const eventSeq = await this.#core.store.query.lastEventSeq();
      const wake = { ...waking.wake, birth: { ...waking.wake.birth, eventSeq } };
      const { births, suppressed } = await this.#core.store.wake([wake]);
      await this.#born(births);
      const [by] = suppressed;
      return by === undefined ? { run: id } : { refused: `suppressed by run ${by.by}, which has the same key` };
    });
  }

  async answer(id: QuestionId, answer: string, by: string, fields: JsonObject = {}): Promise<Answered> {
    return this.#busy(async () => {
      const row: QuestionRow | undefined = await this.#core.store.query.question(id);
      if (row === undefined) return 'unknown-question';
      if (row.closed !== undefined) return 'closed';
      const { question } = row;
      if (!question.answers.some(candidate => candidate.id === answer)) return 'unknown-answer';
      if (!this.#core.people.mayAnswer(by, question.who, question.except)) return 'not-allowed';
      const filled = fillIn(question.form ?? [], fields);
      if ('problems' in filled) return filled;
      const input: Input = {
        id: `answer:${id}:${by}` as InputId,
        run: question.run,
        at: this.#core.clock.now(),
        body: { kind: 'answer', question: id, answer, by, ...(question.form === undefined ? {} : filled) },
      };
      return (await this.#deliver(input)) === 'delivered' ? 'answered' : 'duplicate';
    });
  }

  /** The same answer to all approvals that are open on the page of this one: its step in the other rounds of the loop. */
  async answerTogether(
    id: QuestionId,
    answer: string,
    by: string,
  ): Promise<{ readonly answered: number } | Exclude<Answered, 'answered'>> {
    const { query } = this.#core.store;
    const page = (await query.question(id))?.question;
    const open = page?.group === undefined ? [] : await query.questions({ open: true, limit: Number.MAX_SAFE_INTEGER });
    const first = await this.answer(id, answer, by);
    if (first !== 'answered') return first;
    let answered = 1;
    for (const { question } of open) {
      if (question.id === id || question.run !== page?.run || question.group !== page.group) continue;
      if ((await this.answer(question.id, answer, by)) === 'answered') answered++;
    }
    return { answered };
  }

  async cancel(run: RunId, by: string, undo: boolean): Promise<'cancelling' | 'unknown-run' | 'ended'> {
    return this.#busy(async () => {
      const stored = await this.#core.store.query.run(run);
      if (stored === undefined) return 'unknown-run';
      if ((await this.#run(run)).isEnded) return 'ended';
      const id = `cancel:${this.#core.ids.token()}` as InputId;
      await this.#deliver({ id, run, at: this.#core.clock.now(), body: { kind: 'cancel', by, undo } });
      return 'cancelling';
    });
  }

  /** Takes back what a run holds, newest first; passes the pause switch. */
  async undoRun(
    id: RunId,
    by: string,
    because: string,
  ): Promise<{ readonly undone: number; readonly left: number } | undefined> {
    return this.#busy(async () => {
      if ((await this.#core.store.query.run(id)) === undefined) return undefined;
      const { undone, left } = await this.#takeBack(id, { kind: 'undo', by, because });
      return { undone: undone.length, left: left.length };
    });
  }

  async undoResponse(key: ResponseKey, by: string, because: string): Promise<TakenBack> {
    return this.#busy(async () => {
      const row = this.#core.ledger.standing(key);
      if (row === undefined) return 'gone';
      return (await this.#takeBack(row.run, { kind: 'undo', by, because, response: key })).whole ?? 'gone';
    });
  }

  /**
   * Takes back at a playbook's word, which a pause stops: a response whoever holds it, or what runs hold. Gives back where
   * what was undone, or left, began: `<run>/<command>`.
   */
  async takeBack({
    by,
    because,
    what,
  }: PlaybooksUndo): Promise<{ readonly undone: string[]; readonly left: string[] }> {
    const { ledger } = this.#core;
    const who = { by, because, asked: 'a playbook' } as const;
    if ('response' in what) {
      const row = ledger.standing(what.response);
      if (row === undefined) return { undone: [], left: [] };
      const taken = await ledger.undoResponse(what.response, who);
      const began = `${row.run}/${row.command}`;
      return taken === 'left' ? { undone: [], left: [began] } : { undone: [began], left: [] };
    }
    const all = { undone: [] as string[], left: [] as string[] };
    for (const id of what.runs) {
      const { undone, left } = await ledger.undoRun(await this.#run(id), who);
      all.undone.push(...undone.map(command => `${id}/${command}`));
      all.left.push(...left.map(command => `${id}/${command}`));
    }
    return all;
  }

  /** Tells whoever waits for it that an incident is over, and what it was. Resolves when that is on disk. */
  async closeIncident(key: string, result: IncidentResult, by: string): Promise<'closed' | 'unknown-incident'> {
    const { store, clock, ids } = this.#core;
    const [known] = await store.query.runs({ incident: key, limit: 1 });
    if (known === undefined) return 'unknown-incident';
    await this.raise([incidentClosed({ key, result, by }, { at: clock.now(), id: ids.token() })]);
    return 'closed';
  }

  async pause(by: string, because: string): Promise<void> {
    const at = this.#core.clock.now();
    await this.#core.store.note([{ kind: 'paused', by, because, at }]);
    this.#core.pause.set({ by, because, at });
  }

  async resume(by: string): Promise<void> {
    await this.#core.store.note([{ kind: 'resumed', by, at: this.#core.clock.now() }]);
    this.#core.pause.set(undefined);
  }

  /** Told of records once they are on disk. Returns how to stop listening. */
  listen(listener: (records: readonly JournalRecord[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when everything waits for time, people or events. */
  idle(): Promise<void> {
    return this.activity.idle();
  }

  /** On disk before anything is done, so that a person's word outlives a crash. */
  async #takeBack(run: RunId, body: Extract<InputBody, { kind: 'undo' }>): Promise<Undone> {
    const input: Input = { id: `undo:${this.#core.ids.token()}` as InputId, run, at: this.#core.clock.now(), body };
    await this.#core.store.deliver([input]);
    return takeBack(this.#core, input, body);
  }

  async #busy<T>(work: () => Promise<T>): Promise<T> {
    this.activity.enter();
    try {
      return await work();
    } finally {
      this.activity.leave();
    }
  }

  async #deliver(input: Input): Promise<'delivered' | 'duplicate'> {
    const [delivered] = await this.#core.store.deliver([input]);
    if (delivered !== 'delivered') return 'duplicate';
    (await this.#run(input.run)).receive(input);
    return 'delivered';
  }

  /** Who began to wait between the decision and the commit looked for the event too early, and must not miss it. */
  async #tellNewcomers(received: readonly Received[], known: number): Promise<void> {
    for (const each of received) {
      if (each.kind !== 'accepted') continue;
      const inputs = await this.#core.watches.inputsFor(each.event, this.#core.clock.now(), known);
      for (const input of inputs) await this.#deliver(input);
    }
  }

  async #born(births: readonly Birth[]): Promise<void> {
    for (const birth of births) {
      this.#notify([{ run: birth.facts.run, seq: 0, at: birth.facts.started, body: { kind: 'woken', birth } }]);
      // Who begins at once need not be read from the disk; who waits is kept nowhere else.
      let thaw = () => this.#adopt({ birth, head: QUEUED, inputs: [], suppressed: 0 });
      this.#enqueue(queuedOf(birth), () => thaw());
      thaw = () => this.#run(birth.facts.run);
    }
  }

  #enqueue({ id, playbook, lock, overdue }: Queued, thaw: () => Promise<Run>): void {
    const later = (found: () => Promise<Run>, work: (run: Run) => void): void =>
      this.activity.spawn(
        async () => {
          const run = await found();
          work(run);
          if (run.isEnded) this.#scheduler.moved(run);
        },
        fault => this.#core.fault(fault, `run ${id}`),
      );
    const leave = this.#core.clock.alarm(overdue, () =>
      later(
        () => this.#run(id),
        run => run.giveUp(),
      ),
    );
    const begin = (): void => later(thaw, run => run.begin());
    this.#scheduler.enqueue({ id, playbook, ...(lock === undefined ? {} : { lock }), begin, leave });
  }

  async #each(id: RunId, work: (run: Run) => void): Promise<void> {
    try {
      work(await this.#run(id));
    } catch (fault) {
      this.#core.fault(fault, `run ${id}`);
    }
  }

  /** Once; what cannot be put on disk even then stays as it is there until the next start. */
  #takeUpAnew(lost: Run, fault: unknown): void {
    const { id } = lost;
    this.#runs.delete(id);
    this.#scheduler.moved(lost);
    if (this.#lost.has(id)) return this.#core.fault(fault, `run ${id}, which goes on at the next start`);
    this.#lost.add(id);
    this.activity.spawn(
      async () => {
        const run = await this.#run(id);
        const { inputs = [] } = (await this.#core.store.query.run(id)) ?? {};
        await run.resume();
        run.bug(fault);
        for (const input of inputs) run.receive(input);
      },
      trouble => this.#core.fault(trouble, `run ${id}`),
    );
  }

  #run(id: RunId): Promise<Run> {
    const known = this.#runs.get(id);
    if (known !== undefined) return known;
    const thawed = this.#core.store.query.run(id).then(async stored => {
      if (stored === undefined) throw new Error(`run ${id} is not in the store`);
      return this.#thaw(stored);
    });
    this.#runs.set(id, thawed);
    // What could not be thawed is tried anew when it is next asked for.
    thawed.then(
      () => this.#remember(id),
      () => this.#runs.delete(id),
    );
    return thawed;
  }

  #adopt(stored: StoredRun): Promise<Run> {
    const thawed = this.#thaw(stored);
    this.#runs.set(stored.birth.facts.run, thawed);
    return thawed;
  }

  async #thaw(stored: StoredRun): Promise<Run> {
    const { version } = stored.birth;
    let compiled = this.#compiled.get(version);
    if (compiled === undefined) {
      const found = await this.#core.store.query.version(version);
      if (found === undefined)
        throw new Error(`version ${version} of ${stored.birth.facts.playbook} is not in the store`);
      compiled = found as unknown as Compiled;
      this.#compiled.set(version, compiled);
    }
    return new Run(this.#core, stored, compiled);
  }

  #moved(run: Run): void {
    this.#scheduler.moved(run);
    if (run.isEnded && run.isParked) this.#remember(run.id);
  }

  /** Ended runs leave memory in the order in which they were last needed; they can be thawed at any time. */
  #remember(id: RunId): void {
    const index = this.#ended.indexOf(id);
    if (index >= 0) this.#ended.splice(index, 1);
    this.#ended.push(id);
    for (let excess = this.#ended.length - ENDED_KEPT; excess > 0; excess--) {
      const oldest = this.#ended.shift();
      if (oldest === undefined) return;
      void this.#runs.get(oldest)?.then(run => {
        if (run.isEnded && run.isParked) this.#runs.delete(oldest);
      });
    }
  }

  #committed(records: readonly JournalRecord[]): void {
    this.#core.ledger.apply(records);
    this.#notify(records);
  }

  #notify(records: readonly JournalRecord[]): void {
    for (const listener of this.#listeners) {
      try {
        listener(records);
      } catch (fault) {
        this.#core.fault(fault, 'a listener');
      }
    }
  }
}

/** What must be known of a run that waits for its turn. */
interface Queued extends Pick<Waiting, 'id' | 'playbook' | 'lock'> {
  readonly overdue: Instant;
}

function queuedOf({ facts, lock, overdue }: Birth): Queued {
  return { id: facts.run, playbook: facts.playbook, overdue, ...(lock === undefined ? {} : { lock }) };
}

/** Runs are never asked what wakes them, and rules are many. */
function withoutRules(compiled: Compiled): Compiled {
  const { playbook } = compiled;
  if (playbook.triggers.every(({ kind }) => kind !== 'sigma')) return compiled;
  const triggers = playbook.triggers.map(trigger =>
    trigger.kind === 'sigma' ? { ...trigger, rules: [], correlations: [] } : trigger,
  );
  return { ...compiled, playbook: { ...playbook, triggers } };
}

function onlyOf([received]: readonly Received[]): Received {
  if (received === undefined) throw new Error('nothing became of an event');
  return received;
}
