import type { Instant } from '../base/clock.ts';
import type { CommandId, InputId, RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { equalJson } from '../base/json.ts';
import { decide } from '../expr/expr.ts';
import type { Decision } from '../expr/evidence.ts';
import type { Birth, RecordBody } from '../journal/record.ts';
import { isAhead } from '../machine/ahead.ts';
import type { Command, DoCommand, MachineInput, Settlement } from '../machine/command.ts';
import type { Compiled } from '../machine/compiled.ts';
import { awaitedIn } from '../machine/problems.ts';
import type { Extras } from '../machine/scope.ts';
import { scopeOf } from '../machine/scope.ts';
import type { Level, Memory, RunState } from '../machine/state.ts';
import { step } from '../machine/step.ts';
import type { Stepped } from '../machine/step.ts';
import type { Core } from './core.ts';
import { doubtAnswered, perform } from './effects.ts';
import { emitCommand } from './emit.ts';
import { callCommand, passCancel, returned, takeReturned } from './call.ts';
import { Slots } from './lanes.ts';
import type { Life, Living } from './life.ts';
import { isInFlight } from './life.ts';
import { eventOfRecord, raise } from './own-events.ts';
import { tell, tellOfFailure } from './owner.ts';
import type { Claim, Head, Input, InputBody, StoredRun } from './ports.ts';
import { Questions } from './questions.ts';
import type { Refusal } from './turns.ts';
import { Turns } from './turns.ts';
import { takeBack, undoAll, undoCommand } from './undo.ts';
import { Waits } from './waits.ts';

/*
 * One run under way: what its machine is told, what lives of what it asked for, and the turns that put both on disk.
 *
 * R1  The machine moves only in `#tell`, and everything that follows from one call of it is part of one turn.
 * R2  Turns of a run are committed one after another; what must be on disk before something leaves awaits its turn (E2).
 * R3  A command settles once. What settles after its run moved on reaches the journal and the ledger, not the machine (E4).
 * R4  A fault of ours ends this run as `failed`, with the fault on record, and no other. Where memory and disk may differ
 *     the disk is right: this object does nothing more, and the run goes on from there like after a crash.
 * R5  A run has ended when its machine has and nothing of it is in flight: what has left is found again after a crash.
 */

/** Reads of one run under way at once (LANGUAGE 7). */
const READS_AT_ONCE = 10;
/** What `finally` has in all (LANGUAGE 3). */
const FINALLY = 600_000;
/** Inputs that are consumed by the turn they lead to; the others when what they ask for is done. */
const CONSUMED: readonly InputBody['kind'][] = ['arrived', 'answer', 'release', 'returned'];
/** It waits for people, time, an event or another run. */
const RESTING: readonly Life['stage'][] = ['asking', 'ahead', 'waiting', 'doubted', 'calling'];

/** The end of a run that did not come by itself. */
interface Closing {
  /** Who cancelled it; nobody where it is overdue. */
  readonly by?: string;
  readonly undo: boolean;
  /** Consumed when the machine has been told, so that a cancel outlives a crash. */
  readonly inputs: readonly InputId[];
}

export class Run {
  readonly core: Core;
  readonly birth: Birth;
  readonly compiled: Compiled;
  readonly readSlots: Slots;
  readonly questions: Questions;
  readonly #waits: Waits;
  #state: RunState;
  #status: Head['status'];
  readonly #turns: Turns;
  #suppressed: number;
  readonly #lives: Map<CommandId, Living>;
  readonly #aborts = new Map<CommandId, AbortController>();
  #closing: Closing | undefined;
  #isTakingBack = false;
  readonly #alarms = new Map<'overdue' | 'cut', () => void>();

  constructor(core: Core, stored: StoredRun, compiled: Compiled) {
    this.core = core;
    this.birth = stored.birth;
    this.compiled = compiled;
    this.readSlots = new Slots(core.activity, READS_AT_ONCE);
    this.#state = stored.head.state;
    this.#status = stored.head.status;
    this.#turns = new Turns(this.#author(), stored.head.seq);
    this.#suppressed = stored.suppressed;
    this.#lives = new Map(
      Object.entries(stored.head.commands as unknown as { [id: string]: Living }) as [CommandId, Living][],
    );
    this.questions = new Questions(this);
    this.#waits = new Waits(this);
  }

  get id(): RunId {
    return this.birth.facts.run;
  }
  get status(): Head['status'] {
    return this.#status;
  }
  get state(): RunState {
    return this.#state;
  }
  get isEnded(): boolean {
    return this.#status !== 'queued' && this.#status !== 'open';
  }
  /** Whether nothing of it is under way: it waits for time, people or events, or has ended. */
  get isParked(): boolean {
    return this.#turns.isIdle && this.#isResting();
  }

  #isResting(): boolean {
    return [...this.#lives.values()].every(({ life }) => RESTING.includes(life.stage));
  }

  /** Whether something still waits for this command: otherwise nothing more of it may be begun. */
  wants(command: CommandId): boolean {
    return this.#closing === undefined && awaitedIn(this.#state.main).includes(command);
  }

  /** Its timeout is over before it got its turn (LANGUAGE 5.4). */
  giveUp(): void {
    this.guard(() => this.#beginClosing({ undo: false, inputs: [] }));
    this.flush();
  }

  /** A queued run begins. */
  begin(): void {
    if (this.#status !== 'queued') return;
    this.#watchTime();
    this.guard(() => {
      this.#status = 'open';
      this.#tell({ kind: 'begin', at: this.core.clock.now() });
    });
    this.flush();
  }

  /** Goes on from where the head says, after a restart. Only then may it be told anything. */
  async resume(): Promise<void> {
    const living = [...this.#lives.values()];
    for (const { command, life } of living) {
      const isAsked = life.stage === 'asking' || life.stage === 'doubted' || (life.stage === 'ahead' && !life.said);
      if (isAsked && (command.kind === 'ask' || command.kind === 'do')) await this.questions.reopen(command, life);
    }
    if (this.#state.status === 'open') {
      this.#watchTime();
      this.#watchEnd();
    }
    for (const { command, life } of living) this.#live(command, life);
  }

  /** Something from outside, on disk already; consumed by the turn it leads to. */
  receive(input: Input): void {
    this.guard(() => this.#take(input));
    this.flush();
  }

  #take(input: Input): void {
    const { body, id } = input;
    if (CONSUMED.includes(body.kind)) this.#turns.consume([id]);
    switch (body.kind) {
      case 'arrived':
        this.#waits.arrived(body.command, body.event);
        break;
      case 'answer':
        this.questions.answer(body.question, body);
        break;
      case 'cancel':
        this.#beginClosing({ by: body.by, undo: body.undo, inputs: [id] });
        break;
      case 'returned':
        takeReturned(this, body);
        break;
      case 'release':
        this.core.ledger.release(this, body.response, body.command, 'event');
        break;
      case 'undo':
        this.spawn(async () => void (await takeBack(this.core, input, body)));
        break;
      case 'tell':
        this.core.activity.spawn(
          () => tell(this.core, input, body),
          fault => this.core.fault(fault, 'telling an owner'),
        );
        break;
      case 'raise':
        this.core.activity.spawn(
          () => raise(this.core, input, body.event),
          fault => this.core.fault(fault, 'raising an event'),
        );
        break;
    }
  }

  /** Tells the owner of its playbook what nobody else will; on disk with the next turn, and then sent (E2). */
  tellOwner(subject: string, body: string): void {
    this.#turns.handOwn({ kind: 'tell', to: this.compiled.playbook.owner, subject, body });
  }

  /** What an input asked for is done. */
  consume({ id }: Input, bodies: readonly RecordBody[] = []): Promise<unknown> {
    if (!this.#turns.isLost) this.#turns.consume([id]);
    return this.append(bodies);
  }

  setSuppressed(count: number): void {
    this.#suppressed = count;
  }

  suppressedOneMore(): void {
    this.#suppressed++;
  }

  /** Adds records to the turn that is being made up, and commits it. Resolves when it is on disk, with which of the intents were refused. */
  append(
    bodies: readonly RecordBody[],
    intents: readonly { readonly body: RecordBody; readonly claims: readonly Claim[] }[] = [],
  ): Promise<readonly Refusal[]> {
    return this.#turns.append(bodies, intents);
  }

  /** Resolves when all that has happened so far is on disk, and the ledger has heard of it. */
  saved(): Promise<void> {
    return this.#turns.saved();
  }

  /** Adds records to the next turn, whenever that is. */
  note(bodies: readonly RecordBody[]): void {
    this.#turns.note(bodies);
  }

  /** Where a command stands now; on disk with the next turn. */
  setLife(command: Command, life: Life): void {
    if (!this.#lives.has(command.id)) return;
    this.#lives.set(command.id, { command, life });
    this.#turns.urge();
  }

  /** A command that a round of a loop may come to (machine/ahead.ts). */
  expect(command: DoCommand, life: Extract<Life, { stage: 'ahead' }>): void {
    this.#lives.set(command.id, { command, life });
    this.#turns.urge();
  }

  life(command: CommandId): Living | undefined {
    return this.#lives.get(command);
  }

  /** Aborted when the command is dropped and when the daemon stops. */
  signal(command: CommandId): AbortSignal {
    // What was forgotten while it waited for its turn must not begin when that comes.
    if (!this.#lives.has(command)) return AbortSignal.abort(new DOMException('dropped', 'AbortError'));
    let controller = this.#aborts.get(command);
    if (controller === undefined) {
      controller = new AbortController();
      this.#aborts.set(command, controller);
    }
    return AbortSignal.any([controller.signal, this.core.stopping]);
  }

  /** R3. `bodies` belong to the same turn. */
  settle(settlement: Settlement, bodies: readonly RecordBody[] = []): void {
    const { command, outcome } = settlement;
    const living = this.#lives.get(command);
    if (living === undefined) return;
    this.note(bodies);
    if (living.life.stage !== 'fresh') this.#turns.urge();
    if (!awaitedIn(this.#state.main).includes(command)) {
      this.#forget(command);
      this.note([{ kind: 'late', command, outcome }]);
      if (this.#state.status !== 'open') this.#end();
    } else if (this.#closing !== undefined) {
      this.#lives.set(command, { command: living.command, life: { stage: 'settled', settlement } });
      this.note([{ kind: 'late', command, outcome }]);
      this.#close();
    } else {
      this.#tell({ kind: 'settled', at: this.core.clock.now(), suppressed: this.#suppressed, ...settlement });
    }
    this.flush();
  }

  /** Evaluates a condition where the run stands now: `poll.until`, and the `if` of waits and holds. */
  decide(text: string, command: CommandId, extras: Extras): Decision {
    const { memory, outer } = this.#levelOf(command);
    const world = {
      compiled: this.compiled,
      facts: this.birth.facts,
      at: this.core.clock.now(),
      outer,
      run: this.#state,
    };
    return decide(text, scopeOf(memory, world, extras));
  }

  /** How many other rounds the innermost loop around a command has. */
  roundsBeside(command: CommandId): number {
    let level = this.#state.main;
    let beside = 0;
    for (const part of command.split('.').slice(0, -1)) {
      const [name = '', index = ''] = part.split(/[[\]]/);
      const fan = level.fans[name];
      if (fan === undefined) return beside;
      beside = fan.items.length - 1;
      const round = fan.live[index];
      if (round === undefined) return beside;
      level = round;
    }
    return beside;
  }

  get memory(): Memory {
    return this.#state.main.memory;
  }

  /** R1 */
  #tell(input: MachineInput): void {
    const before = awaitedIn(this.#state.main);
    let stepped: Stepped;
    try {
      stepped = step(this.compiled, this.birth.facts, this.#state, input);
    } catch (fault) {
      this.bug(fault);
      return;
    }
    this.#state = stepped.state;
    this.note([
      { kind: 'told', input, commands: stepped.commands.map(command => command.id), judgements: stepped.judgements },
    ]);
    if (input.kind === 'settled') this.#forget(input.command);
    const after = new Set(awaitedIn(stepped.state.main));
    for (const id of before) if (!after.has(id)) this.#drop(id);
    const lives = stepped.commands.map(command => ({ command, life: this.#firstLife(command) }));
    for (const living of lives) this.#lives.set(living.command.id, living);
    this.#dropAhead();
    if (stepped.state.status !== 'open') this.#end();
    else {
      this.#watchEnd();
      for (const { command, life } of lives) this.#live(command, life);
    }
  }

  /** What people were asked before its round came to it counts, if it is what they were asked about. */
  #firstLife(command: Command): Life {
    const living = this.#lives.get(command.id);
    if (living?.life.stage !== 'ahead' || command.kind !== 'do') return { stage: 'fresh' };
    const { question, expires, said } = living.life;
    if (!equalJson(living.command as unknown as Json, command as unknown as Json)) {
      this.#letGo(command.id);
      return { stage: 'fresh' };
    }
    if (said !== undefined) this.questions.tellLater(command, said);
    return { stage: 'asking', question, expires };
  }

  /** Rounds that will not come to it any more. */
  #dropAhead(): void {
    for (const [id, { life }] of this.#lives) {
      if (life.stage === 'ahead' && !isAhead(this.#state, id)) this.#letGo(id);
    }
  }

  #live(command: Command, life: Life): void {
    // What people were asked is answered from outside, and what has settled is told at the close; the rest goes on by itself.
    if (life.stage === 'asking' || life.stage === 'ahead' || life.stage === 'doubted' || life.stage === 'settled')
      return;
    switch (command.kind) {
      case 'do':
        this.spawn(() => perform(this, command, life));
        break;
      case 'ask':
        this.questions.ask(command);
        break;
      case 'wait':
        this.#waits.begin(command, life);
        break;
      case 'call':
        this.spawn(() => callCommand(this, command, life));
        break;
      case 'emit':
        this.spawn(() => emitCommand(this, command));
        break;
      case 'undo':
        this.spawn(() => undoCommand(this, command));
        break;
    }
  }

  spawn(task: () => Promise<void>): void {
    this.core.activity.spawn(task, fault => this.bug(fault));
  }

  /** What nobody awaits: an alarm, an input. */
  guard(work: () => void): void {
    try {
      work();
    } catch (fault) {
      this.bug(fault);
    }
  }

  /** R4 */
  bug(fault: unknown): void {
    if (this.core.stopping.aborted || this.#turns.isLost) return;
    const error = fault instanceof Error ? fault : new Error(String(fault), { cause: fault });
    this.core.log.error({ run: this.id, playbook: this.birth.facts.playbook, err: error }, 'a bug ended this run');
    this.note([{ kind: 'bug', message: error.message, stack: error.stack ?? '' }]);
    this.#turns.consume(this.#closing?.inputs ?? []);
    this.#closing = undefined;
    if (this.isEnded) return this.flush();
    for (const id of awaitedIn(this.#state.main)) this.#drop(id);
    this.#state = { ...this.#state, status: 'failed', main: { ...this.#state.main, awaiting: [], fans: {} } };
    this.#dropAhead();
    this.#end(`a bug in Backline: ${error.message}`);
    this.flush();
  }

  /** R5 */
  #end(because = this.#state.main.memory.ending?.because): void {
    const { status } = this.#state;
    for (const cancel of this.#alarms.values()) cancel();
    this.#alarms.clear();
    if (status === 'open' || this.isEnded || [...this.#lives.values()].some(({ life }) => isInFlight(life))) return;
    this.#status = status;
    this.note([{ kind: 'ended', status, ...(because === undefined ? {} : { because }) }]);
    const result = returned(this, because);
    if (result !== undefined) this.#turns.hand(result);
    if (status === 'failed') tellOfFailure(this, because);
  }

  /** Nothing awaits it any more, or will not for long. */
  #letGo(id: CommandId): void {
    const living = this.#lives.get(id);
    if (living === undefined) return;
    const { command, life } = living;
    const isOpen = life.stage === 'asking' || life.stage === 'doubted' || (life.stage === 'ahead' && !life.said);
    if (isOpen) this.questions.close(life.question, 'cancelled');
    if (life.stage === 'doubted' && command.kind === 'do') return doubtAnswered(this, command, undefined, undefined);
    // It is woken, and ends by itself: what it sent may be in doubt.
    if (life.stage === 'backing-off') this.#aborts.get(id)?.abort(new DOMException('dropped', 'AbortError'));
    if (life.stage === 'calling') {
      const by = this.#closing?.by ?? `run ${this.id}`;
      return this.spawn(() => passCancel(this, life.child, by));
    }
    if (isInFlight(life) || life.stage === 'settled') return;
    this.#aborts.get(id)?.abort(new DOMException('dropped', 'AbortError'));
    this.#forget(id);
  }

  /** The machine has moved on from it. What has left goes on and settles late. */
  #drop(id: CommandId): void {
    if (this.#lives.get(id)?.life.stage === 'settled') this.#forget(id);
    else this.#letGo(id);
  }

  #forget(id: CommandId): void {
    this.#lives.delete(id);
    this.#aborts.delete(id);
    this.#waits.forget(id);
  }

  #watchTime(): void {
    this.#alarm('overdue', this.birth.overdue, () => this.#beginClosing({ undo: false, inputs: [] }));
  }

  #watchEnd(): void {
    const { ending } = this.memory;
    if (ending === undefined || this.#alarms.has('cut')) return;
    this.#alarm('cut', ending.at + FINALLY, () => this.#tell({ kind: 'cut', at: this.core.clock.now() }));
  }

  #alarm(name: 'overdue' | 'cut', at: Instant, ring: () => void): void {
    this.#alarms.get(name)?.();
    const cancel = this.core.clock.alarm(at, () => {
      this.#alarms.delete(name);
      this.guard(ring);
      this.flush();
    });
    this.#alarms.set(name, cancel);
  }

  /** LANGUAGE 8.2: nothing new starts, questions close, writes in flight are awaited, then `finally` runs. */
  #beginClosing(closing: Closing): void {
    if (this.#closing !== undefined) {
      const { undo, inputs } = this.#closing;
      this.#closing = { ...this.#closing, undo: undo || closing.undo, inputs: [...inputs, ...closing.inputs] };
      return;
    }
    if (this.#status !== 'open' || this.#state.status !== 'open' || this.memory.ending !== undefined) {
      this.#turns.consume(closing.inputs);
      if (this.#status === 'queued') this.#endUnbegun(closing);
      return;
    }
    this.#closing = closing;
    for (const id of [...this.#lives.keys()]) this.#letGo(id);
    this.#close();
  }

  #endUnbegun({ by }: Closing): void {
    const status = by === undefined ? 'failed' : 'cancelled';
    this.#state = { ...this.#state, status };
    this.#end(by === undefined ? 'it never got its turn' : `cancelled by ${by}`);
  }

  /** Once nothing is in flight any more. */
  #close(): void {
    const closing = this.#closing;
    if (closing === undefined || this.#isTakingBack) return;
    if ([...this.#lives.values()].some(({ life }) => isInFlight(life))) return;
    if (!closing.undo) return this.#tellClosed([]);
    this.#isTakingBack = true;
    this.spawn(async () => {
      const { undone } = await undoAll(this, {
        by: closing.by ?? 'backline',
        because: 'the run was cancelled',
        asked: 'a person',
      });
      if (this.core.stopping.aborted) return;
      this.#tellClosed(undone);
      this.flush();
    });
  }

  #tellClosed(undone: readonly CommandId[]): void {
    const closing = this.#closing;
    if (closing === undefined) return;
    const late = [...this.#lives.values()].flatMap(({ life }) => (life.stage === 'settled' ? [life.settlement] : []));
    this.#turns.consume(closing.inputs);
    this.#closing = undefined;
    const close = { at: this.core.clock.now(), late, undone };
    this.#tell(closing.by === undefined ? { kind: 'overdue', ...close } : { kind: 'cancel', by: closing.by, ...close });
  }

  /** Commits what has gathered, if it must be. */
  flush(): void {
    this.#turns.flush();
  }

  #author(): ConstructorParameters<typeof Turns>[0] {
    const { id, core } = this;
    return {
      id,
      core,
      head: () => ({
        status: this.#status,
        state: this.#state,
        commands: Object.fromEntries(this.#lives) as unknown as Json,
      }),
      isResting: () => this.#isResting(),
      eventOf: ({ body, at, seq }) => {
        const row = body.kind === 'response-ended' ? core.ledger.standing(body.response) : undefined;
        return eventOfRecord(this.birth, body, { at, seq, row });
      },
      receive: input => this.receive(input),
      moved: () => core.moved(this),
      lose: fault => this.#lose(fault),
      bug: fault => this.bug(fault),
    };
  }

  /** R4 */
  #lose(fault: unknown): void {
    this.#status = 'failed';
    for (const cancel of this.#alarms.values()) cancel();
    for (const [id, { life }] of this.#lives) {
      if (life.stage === 'asking' || life.stage === 'ahead' || life.stage === 'doubted')
        this.questions.forget(life.question);
      this.#aborts.get(id)?.abort(new DOMException('dropped', 'AbortError'));
      this.#forget(id);
    }
    this.core.lost(this, fault);
  }

  /** The memory that a command belongs to, and those around it. */
  #levelOf(command: CommandId): { readonly memory: Memory; readonly outer: readonly Memory[] } {
    let { memory, fans }: Pick<Level, 'memory' | 'fans'> = this.#state.main;
    const outer: Memory[] = [];
    // `block[2].feed`: a round that is under way, or one that has ended and may have left a hold.
    for (const [, name = '', index = ''] of command.matchAll(/([^.[]+)\[(\d+)\]\./g)) {
      const live = fans[name]?.live[index];
      const ended = [...(fans[name]?.rounds ?? []), ...(memory.rounds?.[name] ?? [])];
      const round = live?.memory ?? ended.find(each => each.index === Number(index));
      if (round === undefined) break;
      outer.push(memory);
      memory = round;
      fans = live?.fans ?? {};
    }
    return { memory, outer };
  }
}
