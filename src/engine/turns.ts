import type { CommandId, InputId, RunId } from '../base/ids.ts';
import type { JsonObject } from '../base/json.ts';
import type { JournalRecord, RecordBody } from '../journal/record.ts';
import type { Core } from './core.ts';
import type { Claim, Head, Input, InputBody, Intent } from './ports.ts';
import { Stopped } from './stopped.ts';

/** Between tries when the store cannot take a turn. */
const STORE_RETRY = 1_000;

/** What a turn is made from, and who hears of it. */
interface Author {
  readonly id: RunId;
  readonly core: Core;
  /** Where the run stands now. */
  head(): Omit<Head, 'seq'>;
  /** Whether it waits for people, time, an event or another run. */
  isResting(): boolean;
  /** What Backline itself has to say of a record, if anything. */
  eventOf(record: JournalRecord): JsonObject | undefined;
  receive(input: Input): void;
  /** The turns that gathered are on disk. */
  moved(): void;
  /** Memory and disk may differ. */
  lose(fault: unknown): void;
  bug(fault: unknown): void;
}

export interface Refusal {
  readonly command: CommandId;
  readonly rule: string;
}

interface PendingTurn {
  /** Whether it must be on disk now. That reads have begun, or were answered, need not be: they may be repeated (E2). */
  isUrgent: boolean;
  readonly records: JournalRecord[];
  readonly intents: Intent[];
  readonly consumed: InputId[];
  readonly inputs: Input[];
  readonly waiters: {
    readonly resolve: (refused: readonly Refusal[]) => void;
    readonly reject: (why: unknown) => void;
  }[];
}

/** The turns of one run: what has happened gathers here, and goes to disk one turn after another. */
export class Turns {
  readonly #author: Author;
  #seq: number;
  #turn: PendingTurn | undefined;
  #writing: PendingTurn | undefined;
  #isCommitting = false;
  #isLost = false;

  constructor(author: Author, seq: number) {
    this.#author = author;
    this.#seq = seq;
  }

  get isIdle(): boolean {
    return this.#turn === undefined && !this.#isCommitting;
  }

  /** Nothing more of it is written. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Adds records to the next turn, whenever that is. */
  note(bodies: readonly RecordBody[]): void {
    const turn = this.#current();
    for (const body of bodies) {
      turn.records.push(this.#record(body));
      turn.isUrgent ||= body.kind !== 'told' && body.kind !== 'attempted';
    }
  }

  /** The next turn must be on disk soon: the head has changed. */
  urge(): void {
    this.#current().isUrgent = true;
  }

  consume(ids: readonly InputId[]): void {
    this.#current().consumed.push(...ids);
  }

  /** An input that goes to disk with the next turn, and then to the run that it is for. */
  hand(input: Input): void {
    this.#current().inputs.push(input);
    this.urge();
  }

  /** One for this very run, called by what it is and by the number of the next record. */
  handOwn(body: InputBody): void {
    const { id: run, core } = this.#author;
    this.hand({ id: `${body.kind}:${this.#seq}` as InputId, run, at: core.clock.now(), body });
  }

  /** Adds records and intents, and commits. Resolves when it is on disk, with which of these intents were refused. */
  async append(
    bodies: readonly RecordBody[],
    intents: readonly { readonly body: RecordBody; readonly claims: readonly Claim[] }[],
  ): Promise<readonly Refusal[]> {
    if (this.#isLost) throw new Stopped();
    const turn = this.#current();
    for (const body of bodies) turn.records.push(this.#record(body));
    for (const { body, claims } of intents) turn.intents.push({ record: this.#record(body), claims });
    const refused = await this.#written(turn);
    // Rounds side by side share a turn: what was refused to another says nothing of these.
    return refused.filter(({ command }) => intents.some(({ body }) => commandOf(body) === command));
  }

  /** Resolves when all that has happened so far is on disk, and the ledger has heard of it. */
  async saved(): Promise<void> {
    const turn = this.#turn ?? this.#writing;
    if (turn !== undefined) await this.#written(turn);
  }

  /** Commits what has gathered, if it must be. */
  flush(): void {
    if (this.#isLost || this.#isCommitting || !this.#isWorthATurn()) return;
    this.#isCommitting = true;
    const { core } = this.#author;
    core.activity.spawn(
      () => this.#commit(),
      fault => this.#author.bug(fault),
    );
  }

  #written(turn: PendingTurn): Promise<readonly Refusal[]> {
    const written = new Promise<readonly Refusal[]>((resolve, reject) => turn.waiters.push({ resolve, reject }));
    this.flush();
    return written;
  }

  #record(body: RecordBody): JournalRecord {
    const { id: run, core } = this.#author;
    const record = { run, seq: this.#seq++, at: core.clock.now(), body };
    const event = this.#author.eventOf(record);
    if (event !== undefined)
      this.hand({ id: `raise:${record.seq}` as InputId, run, at: record.at, body: { kind: 'raise', event } });
    return record;
  }

  #current(): PendingTurn {
    this.#turn ??= { isUrgent: false, records: [], intents: [], consumed: [], inputs: [], waiters: [] };
    return this.#turn;
  }

  /** What need not be on disk goes there all the same before the run rests, which may be for days. */
  #isWorthATurn(): boolean {
    const turn = this.#turn;
    if (turn === undefined) return false;
    const isWaitedFor = turn.intents.length > 0 || turn.consumed.length > 0 || turn.waiters.length > 0;
    return turn.isUrgent || isWaitedFor || this.#author.isResting();
  }

  async #commit(): Promise<void> {
    const { core, id } = this.#author;
    // What follows from this turn without the world belongs to it: the intent of the next step rides with the answer.
    await new Promise<void>(resolve => setImmediate(resolve));
    try {
      while (this.#turn !== undefined && this.#isWorthATurn()) {
        const turn = this.#turn;
        this.#turn = undefined;
        this.#writing = turn;
        const refused = await this.#write(turn);
        this.#writing = undefined;
        if (refused === undefined) {
          for (const { reject } of turn.waiters) reject(new Stopped());
          break;
        }
        core.committed(writtenOf(turn, refused));
        for (const { resolve } of turn.waiters) resolve(refused);
        for (const input of turn.inputs) {
          if (input.run === id) this.#author.receive(input);
          else core.handOn(input);
        }
      }
    } catch (fault) {
      return this.#lose(fault);
    }
    this.#isCommitting = false;
    this.#author.moved();
  }

  #lose(fault: unknown): void {
    this.#isLost = true;
    for (const turn of [this.#writing, this.#turn]) {
      for (const { reject } of turn?.waiters ?? []) reject(new Stopped());
    }
    this.#author.lose(fault);
  }

  /** Until the store takes it: a full disk stops the run, it does not lose it. Undefined when the daemon stops first. */
  async #write(turn: PendingTurn): Promise<readonly Refusal[] | undefined> {
    const { core, id: run } = this.#author;
    const { consumed, records, intents, inputs } = turn;
    const head = { ...this.#author.head(), seq: this.#seq };
    for (;;) {
      try {
        const [committed] = await core.store.commit([{ run, consumed, records, intents, inputs, head }]);
        return committed?.refused ?? [];
      } catch (error) {
        if (core.stopping.aborted) return undefined;
        if (!(error instanceof Error && error.name === 'StoreTrouble')) throw error;
        core.log.error({ run, err: error }, 'the store did not take a turn; trying again');
        if ((await core.activity.sleep(core.clock.now() + STORE_RETRY, core.stopping)) === 'aborted') return undefined;
      }
    }
  }
}

/** The records as the store wrote them: a refusal in the place of each refused intent. */
function writtenOf(turn: PendingTurn, refused: readonly Refusal[]): JournalRecord[] {
  const intents = turn.intents.map(({ record }) => {
    const command = commandOf(record.body);
    const refusal = refused.find(candidate => candidate.command === command);
    if (refusal === undefined) return record;
    return { ...record, body: { kind: 'refused', command: refusal.command, rule: refusal.rule, detail: '' } as const };
  });
  return [...turn.records, ...intents].toSorted((a, b) => a.seq - b.seq);
}

function commandOf(body: RecordBody): CommandId | undefined {
  if (body.kind === 'intended') return body.intent.command;
  return body.kind === 'hold-added' ? body.hold.command : undefined;
}
