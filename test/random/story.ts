import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../src/base/ids.ts';
import type { JsonObject } from '../../src/base/json.ts';
import type { Performed } from '../../src/engine/performer.ts';
import type { Received } from '../../src/engine/intake.ts';
import type { Seen } from '../kit/board.ts';
import { createDisk } from '../kit/disk.ts';
import { TestWorld } from '../kit/world.ts';
import type { Project } from './project.ts';
import { Tape } from './tape.ts';
import { RECORD } from './windows.ts';

/*
 * What befalls a project, as a tape of numbers has it: events, news, answers, cancels, pauses, reloads, products that
 * fail, are silent or late, and power that goes at any write to the store. Then all goes well again, until nothing is left.
 */

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
/** What nobody may ever read again (E10). */
export const SECRET = 'powershell -enc c2VjcmV0LTQ3MTE';
/** So long after it was asked a product may still do it: every attempt of a write has longer. */
const STILL_UNDER_WAY = 50_000;
const PEOPLE = ['ann', 'bob', 'eve', 'dan'] as const;

const ACTIONS = [
  ...['look', 'list', 'unlist', 'isolate', 'release', 'press', 'unpress'],
  ...['mark', 'unmark', 'set', 'unset', 'wipe', 'tell'],
].map(name => `lab.${name}`);
/** Take something back, and cannot be looked up. */
const UNSEEN = ['lab.unpress', 'lab.unmark'];
const ANSWERS: readonly (Performed | 'effect' | 'lost' | 'silence')[] = [
  'effect',
  'effect',
  'lost',
  'silence',
  'effect',
  { kind: 'retry', reason: 'unavailable', detail: '503' },
  { kind: 'failed', reason: 'rejected', detail: 'no' },
  { kind: 'unconfirmed', detail: 'offline' },
  { kind: 'pending', token: 't', again: 5_000 },
  { kind: 'retry', reason: 'rate-limited', detail: '429', after: 7_000 },
];

export interface Sent {
  readonly origin: string;
  readonly draft: JsonObject;
  readonly received: Received;
}

export class Story {
  readonly world: TestWorld;
  readonly project: Project;
  readonly sent: Sent[] = [];
  /** Calls that left before what intends them was on disk. */
  readonly unrecorded: string[] = [];
  /** From when to when responses were paused. */
  readonly pauses: { readonly from: number; to: number }[] = [];
  readonly #tape: Tape;
  readonly #silences = new Map<string, number>();
  #events = 0;
  #isBad = true;

  constructor(project: Project, disk: 'memory' | 'sqlite', numbers: readonly number[]) {
    this.project = project;
    this.#tape = new Tape(numbers);
    this.world = new TestWorld({
      playbooks: project.installed,
      guardrails: project.guardrails,
      disk: createDisk(disk),
      limits: this.#tape.chance(3) ? { runs: 3, runsPerPlaybook: 2 } : { runs: 100, runsPerPlaybook: 100 },
    });
    this.#behaveBadly();
  }

  /** To its end. */
  async play(): Promise<void> {
    await this.world.start();
    for (let count = 5 + this.#tape.pick(25); count > 0; count--) await this.#happen();
    await this.#goWell();
    await this.#finish();
    await this.#surely(() => this.world.pass(9 * DAY));
    await this.#finish();
  }

  /** Takes back all that is in force. */
  async takeBack(): Promise<void> {
    for (const { key } of await this.world.inForce())
      await this.#surely(() => this.world.engine.undoResponse(key, 'ann', 'it is over'));
    await this.#finish();
  }

  async runs(): Promise<readonly RunId[]> {
    return (await this.world.store.query.runs({ limit: Number.MAX_SAFE_INTEGER })).map(({ run }) => run);
  }

  /** All bytes that the store has written, where it writes any. */
  files(): string {
    const { directory } = this.world.disk;
    if (directory === undefined) return '';
    return readdirSync(directory)
      .map(name => readFileSync(join(directory, name), 'latin1'))
      .join('\n');
  }

  /** Until something is over, or the power goes. */
  async #meanwhile(work: () => Promise<unknown>): Promise<void> {
    if (!this.world.power.isOn) await this.world.crash();
    await Promise.race([work(), this.world.power.off]);
  }

  /** It may take time, which stands as long as it is waited for. */
  async #begun(work: Promise<unknown>): Promise<void> {
    work.catch((fault: unknown) => this.world.logged.push({ level: 'error', facts: { err: fault }, sentence: 'undo' }));
    await this.world.idle();
  }

  /** However often the power goes. */
  async #surely(work: () => Promise<unknown>): Promise<void> {
    do await this.#meanwhile(work);
    while (!this.world.power.isOn);
  }

  async #happen(): Promise<void> {
    const tape = this.#tape;
    const { world } = this;
    if (!world.power.isOn) await world.crash();
    switch (tape.pick(24)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.#alarms();
      case 4: {
        const again = this.sent[tape.pick(Math.max(this.sent.length, 1))];
        return again === undefined ? this.#alarms() : this.#send(again.origin, [again.draft]);
      }
      case 5:
      case 6:
        return this.#meanwhile(() => world.idle());
      case 7:
        return this.#meanwhile(() => world.pass(tape.pick(90) * MINUTE));
      case 8:
        return this.#meanwhile(() => world.pass(tape.pick(40) * 1_000));
      case 9:
      case 10:
      case 11:
        return this.#meanwhile(() => this.#answer());
      case 12: {
        const run = await this.#someRun();
        const undo = tape.chance(2);
        return run === undefined ? undefined : this.#meanwhile(() => world.engine.cancel(run, 'ann', undo));
      }
      case 13:
        return this.#send('lab', [this.#draft('lab.cleared', { alarm: { id: `a${1 + tape.pick(8)}` } })]);
      case 14:
        return this.#meanwhile(() => this.#pauseOrResume());
      case 15:
        return world.crash({ call: 1 + tape.pick(12), when: tape.of(['before', 'after']) });
      case 16:
        return tape.chance(2) ? world.crash() : world.restart();
      case 17:
        return this.#meanwhile(() => this.#productsAnswer());
      case 18:
        return this.#send('win-1', [record(++this.#events, tape.of(['h1', 'h2']))]);
      case 19:
        return this.#meanwhile(async () => {
          const name = tape.of(['three', 'outer']);
          const playbook = world.engine.playbooks.byName.get(name)?.compiled.playbook;
          if (playbook?.triggers.some(({ kind }) => kind === 'manual') !== true) return;
          await world.engine.wake(name, { host: tape.of(['h1', 'h2']), level: tape.pick(5) }, tape.of(['ann', 'bob']));
        });
      case 20: {
        const run = await this.#someRun();
        return run && this.#meanwhile(() => this.#begun(world.engine.undoRun(run, 'bob', 'it was a drill')));
      }
      case 21: {
        const [row] = await world.inForce();
        return row && this.#meanwhile(() => this.#begun(world.engine.undoResponse(row.key, 'bob', 'it was a drill')));
      }
      case 22:
        return this.#meanwhile(() => world.engine.closeIncident(`host:h${1 + tape.pick(2)}`, 'benign', 'ann'));
      default:
        return this.#meanwhile(() => world.setPlaybooks(this.project.installed.slice(tape.pick(2))));
    }
  }

  async #someRun(): Promise<RunId | undefined> {
    const runs = await this.world.store.query.runs({ limit: 100 });
    return runs[this.#tape.pick(Math.max(runs.length, 1))]?.run;
  }

  #alarms(): Promise<void> {
    const tape = this.#tape;
    const drafts = Array.from({ length: 1 + tape.pick(3) }, () =>
      this.#draft('lab.alarm', {
        alarm: { id: `a${this.#events + 1}` },
        host: { name: tape.of(['h1', 'h2', 'H1.example.org', 'dc1', 'h9']) },
        severity: tape.pick(100),
        ...(tape.chance(2) ? { user: { name: tape.of(['ulla', 'Uwe']) } } : {}),
        ...(tape.chance(3) ? { source: { ip: tape.of(['10.0.0.1', '203.0.113.9']) } } : {}),
        process: { name: 'powershell.exe', command_line: SECRET },
        raw: { line: SECRET },
      }),
    );
    return this.#send(
      'lab',
      tape.chance(6) ? [...drafts, { type: 'lab.alarm', process: { command_line: SECRET } }] : drafts,
    );
  }

  #draft(type: string, fields: JsonObject): JsonObject {
    const time = new Date(this.world.clock.now() - this.#tape.pick(4) * 5 * MINUTE).toISOString();
    return { id: `${type} ${++this.#events}`, type, time, ...fields };
  }

  async #send(origin: string, drafts: readonly JsonObject[]): Promise<void> {
    await this.#meanwhile(async () => {
      const received = await this.world.engine.accept(origin, drafts);
      for (const [index, draft] of drafts.entries()) {
        const answer = received[index];
        if (answer !== undefined) this.sent.push({ origin, draft, received: answer });
      }
    });
  }

  /** One question, or all of its page. Whether something took effect is answered truly, and not before that is sure. */
  async #answer(): Promise<void> {
    const tape = this.#tape;
    const { world } = this;
    const open = await world.store.query.questions({ open: true, limit: 100 });
    const question = open[tape.pick(Math.max(open.length, 1))]?.question;
    if (question === undefined) return;
    const by = tape.of(PEOPLE);
    if (question.kind === 'ask' && question.about !== undefined) {
      if (world.clock.now() < question.asked + STILL_UNDER_WAY) return;
      const key = `${question.run}/${question.command}`;
      const isSo = world.board.effects.some(effect => effect.key === key);
      await world.engine.answer(question.id, isSo ? 'yes' : 'no', by);
      return;
    }
    const answer = question.answers[tape.pick(question.answers.length)]?.id ?? '';
    if (question.group !== undefined && tape.chance(2)) await world.engine.answerTogether(question.id, answer, by);
    else await world.engine.answer(question.id, answer, by, tape.chance(5) ? {} : filled(question.form ?? [], tape));
    if (tape.chance(4)) await world.engine.answer(question.id, answer, by);
  }

  async #pauseOrResume(): Promise<void> {
    const { engine, clock } = this.world;
    const last = this.pauses.at(-1);
    if (last === undefined || last.to < Infinity) {
      await engine.pause('ann', 'stop it');
      this.pauses.push({ from: clock.now(), to: Infinity });
    } else await this.#resume();
  }

  async #resume(): Promise<void> {
    const last = this.pauses.at(-1);
    if (last !== undefined) last.to = Math.min(last.to, this.world.clock.now());
    await this.world.engine.resume('ann');
  }

  /** What it was silent about it does now, as long as it may still be at it. */
  async #productsAnswer(): Promise<void> {
    const { board, clock } = this.world;
    const waiting = board.waiting.filter(
      each => !each.isOver && clock.now() <= (this.#silences.get(callOf(each)) ?? -Infinity) + STILL_UNDER_WAY,
    );
    const one = waiting[this.#tape.pick(Math.max(waiting.length, 1))];
    if (one === undefined) return;
    one.done();
    // Twice.
    if (this.#tape.chance(3)) one.answer({ kind: 'failed', reason: 'rejected', detail: 'no' });
    await this.world.idle();
  }

  #behaveBadly(): void {
    for (const action of ACTIONS) {
      this.world.board.manner(action, async (seen, board) => {
        if (action !== 'lab.look') await this.#expectRecorded(seen);
        const answer = this.#isBad ? (ANSWERS[this.#tape.pick(ANSWERS.length)] ?? 'effect') : 'effect';
        switch (answer) {
          case 'effect':
            board.reads(READS[this.#tape.pick(READS.length)] ?? {});
            return this.#done(seen);
          case 'silence':
            this.#silences.set(callOf(seen), this.world.clock.now());
            return undefined;
          case 'lost':
            this.#done(seen);
            return { kind: 'retry', reason: 'timeout', detail: 'lost', inDoubt: true };
          default:
            // The engine takes a product at its word where it cannot look: what was accepted is done, sooner or later.
            if (UNSEEN.includes(action) && (answer.kind === 'unconfirmed' || answer.kind === 'pending'))
              this.#done(seen);
            return answer;
        }
      });
    }
  }

  /** What was under way is done once, however often it is asked for. */
  #done(seen: Seen): Performed {
    const { board } = this.world;
    const isDone = seen.kind === 'resume' && board.effects.some(({ key }) => key === seen.key);
    return isDone ? { kind: 'done', output: {} } : board.effect(seen);
  }

  /** E2 */
  async #expectRecorded({ action, key }: Seen): Promise<void> {
    const { world } = this;
    const [run = ''] = key.split('/');
    const records = await world.store.query.records(run as RunId).catch(() => undefined);
    // The power has gone meanwhile.
    if (records === undefined) return;
    const isIntended = records.some(({ body }) =>
      key.endsWith('/undo') ? body.kind === 'undo-intended' : body.kind === 'intended' && body.intent.key === key,
    );
    if (!isIntended) this.unrecorded.push(`${action} ${key}`);
  }

  /** All goes well again, nobody has paused anything, and nothing new is woken. */
  async #goWell(): Promise<void> {
    this.#isBad = false;
    await this.#surely(() => this.#resume());
    const called = this.project.installed.filter(({ compiled }) =>
      compiled.playbook.triggers.every(({ kind }) => kind === 'call' || kind === 'manual'),
    );
    await this.#surely(() => this.world.setPlaybooks(called));
  }

  async #finish(): Promise<void> {
    for (;;) {
      if (!this.world.power.isOn) await this.world.crash();
      await this.world.finish();
      if (this.world.power.isOn) return;
    }
  }
}

const READS = [
  { score: 9, hosts: ['h1', 'h2'] },
  { score: 3, hosts: [] },
  { score: 7 },
  { score: 6, hosts: ['h1', 'dc1', 'h3', 'h4', 'h5'] },
  { hosts: ['h2'] },
];

function callOf({ key, attempt, kind }: Seen): string {
  return `${key} ${kind} ${attempt}`;
}

function filled(form: readonly { readonly id: string; readonly type: string }[], tape: Tape): JsonObject {
  const values: { readonly [type: string]: JsonObject[string] } = {
    choice: 'drill',
    text: 'because',
    number: tape.pick(12),
    date: '2026-03-02',
    boolean: true,
  };
  return Object.fromEntries(form.map(({ id, type }) => [id, values[type] ?? null]));
}

/** What Sysmon says of a process on a computer. */
function record(id: number, computer: string): JsonObject {
  const text = JSON.stringify(RECORD)
    .replace(/"EventRecordID":\d+/, `"EventRecordID":${id}`)
    .replace(/"Computer":"[^"]+"/, `"Computer":"${computer}"`);
  return JSON.parse(text) as JsonObject;
}
