import { expect } from 'vitest';
import { REASONS, STATUSES } from '../../src/action/outcome.ts';
import type { CommandId, RunId } from '../../src/base/ids.ts';
import { isObject } from '../../src/base/json.ts';
import type { Json } from '../../src/base/json.ts';
import type { Birth, RecordBody } from '../../src/journal/record.ts';
import type { Outcome } from '../../src/machine/command.ts';
import type { Compiled } from '../../src/machine/compiled.ts';
import type { Level, Memory } from '../../src/machine/state.ts';
import { UNBEGUN } from '../../src/machine/state.ts';
import { step } from '../../src/machine/step.ts';
import { allSteps } from '../../src/playbook/playbook.ts';
import type { Story } from './story.ts';
import { SECRET } from './story.ts';

/*
 * What must be so of every run of any playbook, whatever befalls it. README.md lists these laws as they stand here.
 */

export interface Law {
  readonly number: string;
  readonly name: string;
  readonly sentence: string;
  /** When all is quiet again, or when what was in force has been taken back as well. */
  readonly when: 'quiet' | 'over';
  readonly holds: (told: Told) => void | Promise<void>;
}

/** A story, and all that is on record of it. */
interface Told {
  readonly story: Story;
  readonly runs: readonly OneRun[];
}

interface OneRun {
  readonly run: RunId;
  readonly birth: Birth;
  readonly compiled: Compiled;
  readonly status: string;
  readonly journal: readonly { readonly at: number; readonly body: RecordBody }[];
  readonly outcomes: readonly { readonly command: string; readonly outcome: Outcome }[];
}

const MINUTE = 60_000;
/** After its timeout: `finally`, and what a write in flight has, once more where the power went. */
const GRACE = 20 * MINUTE;
const MOST_DEPTH = 4;
const MOST_HOPS = 8;
const MOST_STEPS = 10_000;

export const LAWS: readonly Law[] = [
  {
    number: 'R1',
    name: 'an end',
    sentence: 'Every run comes to an end that the language knows, and so does every step of it.',
    when: 'quiet',
    holds({ story, runs }) {
      const { budgets, approvals, protected: kept } = story.project.guardrails;
      const rules = [...budgets, ...approvals, ...kept].map(({ name }) => name);
      for (const { run, status, outcomes, journal } of runs) {
        expect(['done', 'partial', 'failed', 'cancelled'], run).toContain(status);
        expect(journal.filter(({ body }) => body.kind === 'ended').length, run).toBe(1);
        for (const { command, outcome } of outcomes) {
          expect(STATUSES, `${run}/${command}`).toContain(outcome.status);
          const { reason } = outcome;
          if (reason === undefined || (REASONS as readonly string[]).includes(reason) || reason === 'pause') continue;
          expect(rules, `${run}/${command}`).toContain(reason.split('/')[0]);
        }
      }
    },
  },
  {
    number: 'R2',
    name: 'no fault',
    sentence: 'No run ends by a fault of ours, and nothing is logged as one.',
    when: 'over',
    holds({ story, runs }) {
      const errors = story.world.logged.filter(({ level }) => level === 'error');
      expect(errors.map(({ sentence, facts }) => [sentence, faultOf(facts)])).toEqual([]);
      expect(runs.flatMap(({ journal }) => journal.filter(({ body }) => body.kind === 'bug'))).toEqual([]);
    },
  },
  {
    number: 'R3',
    name: 'bounds',
    sentence: 'Rounds, rounds at once, attempts, steps and time stay within what the playbook and the language say.',
    when: 'quiet',
    holds({ runs }) {
      for (const one of runs) expectBounds(one);
    },
  },
  {
    number: 'R4',
    name: 'the same again',
    sentence:
      'Told again what the journal says, from any record on and as it comes back from a disk, a machine decides the same (E5).',
    when: 'over',
    async holds({ story, runs }) {
      for (const { run } of runs) await expectSame(story, run);
    },
  },
  {
    number: 'R5',
    name: 'missing is not harmless',
    sentence: 'Past what is not known nothing is benign, and a step whose condition needs it does not begin.',
    when: 'quiet',
    holds({ runs }) {
      for (const { run, journal } of runs) {
        const begun = new Set(journal.flatMap(({ body }) => (body.kind === 'told' ? body.commands : [])));
        for (const { body } of journal) {
          for (const judgement of body.kind === 'told' ? body.judgements : []) {
            if (judgement.kind === 'verdict') {
              const { is, missing, undecided } = judgement.verdict;
              if (missing.length + undecided.length > 0) expect(is, run).not.toBe('benign');
            } else if (judgement.kind === 'if' && judgement.outcome?.reason === 'undecided')
              expect(begun, run).not.toContain(judgement.command);
          }
        }
      }
    },
  },
  {
    number: 'R6',
    name: 'the ledger',
    sentence:
      'Whatever stands at a product by our doing is in the ledger with its undo, and what the ledger calls in force stands (E9).',
    when: 'quiet',
    async holds({ story }) {
      const rows = await story.world.inForce();
      const listed = rows.map(({ action, input }) => `${action} ${targetOf(input)}`);
      for (const standing of story.world.board.standing) expect(listed).toContain(standing);
      for (const { undo, key } of rows) expect(undo, key).toBeDefined();
      const inForce = rows.filter(({ state }) => state === 'in-force');
      for (const { action, input } of inForce) {
        expect(story.world.board.standing).toContain(`${action} ${targetOf(input)}`);
      }
    },
  },
  {
    number: 'R7',
    name: 'taken back',
    sentence: 'What is in force can be taken back, and then nothing stands, nothing is held and nothing waits (E9).',
    when: 'over',
    async holds({ story: { world } }) {
      expect(await world.inForce()).toEqual([]);
      expect(await world.store.query.holds()).toEqual([]);
      expect(world.board.standing).toEqual([]);
    },
  },
  {
    number: 'R8',
    name: 'one effect',
    sentence: 'What is done under one idempotency key takes effect once (E3, E6).',
    when: 'quiet',
    holds({ story }) {
      const keys = story.world.board.effects.map(({ key }) => key).filter(key => !key.endsWith('/undo'));
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    },
  },
  {
    number: 'R9',
    name: 'record, then act',
    sentence: 'No write and no message leaves before the record that intends it is on disk (E2).',
    when: 'over',
    holds({ story }) {
      expect(story.unrecorded).toEqual([]);
    },
  },
  {
    number: 'R10',
    name: 'one at a time',
    sentence: 'Writes on one target never overlap, and a lock has one holder.',
    when: 'over',
    holds({ story, runs }) {
      expect(story.world.board.overlaps).toEqual([]);
      const held = runs.flatMap(({ run, birth, journal }) => {
        const [begun] = journal.filter(({ body }) => body.kind === 'told');
        const ended = journal.find(({ body }) => body.kind === 'ended');
        if (birth.lock === undefined || begun === undefined || ended === undefined) return [];
        return [{ run, lock: birth.lock, from: begun.at, to: ended.at }];
      });
      for (const one of held) {
        const others = held.filter(({ run, lock }) => lock === one.lock && run !== one.run);
        expect(
          others.filter(({ from, to }) => from < one.to && one.from < to).map(({ run }) => run),
          one.run,
        ).toEqual([]);
      }
    },
  },
  {
    number: 'R11',
    name: 'guardrails',
    sentence:
      'Nothing is done to what is protected, beyond a budget, during a pause or without the approval that a guardrail wants (E8).',
    when: 'quiet',
    holds({ story, runs }) {
      expectGuarded(story, runs);
    },
  },
  {
    number: 'R12',
    name: 'depth and hops',
    sentence: 'Calls are nested at most 4 deep, and an emitted event leads to at most 8 others, one after another.',
    when: 'quiet',
    holds({ runs }) {
      for (const { run, birth } of runs) {
        expect(birth.caller?.depth ?? 0, run).toBeLessThanOrEqual(MOST_DEPTH);
        expect(birth.hops ?? 0, run).toBeLessThanOrEqual(MOST_HOPS);
        if (birth.caller === undefined) continue;
        const caller = runs.find(other => other.run === birth.caller?.run);
        expect(birth.facts.incident, run).toBe(caller?.birth.facts.incident);
      }
    },
  },
  {
    number: 'R13',
    name: 'no secret',
    sentence: 'What an event type marks as sensitive is in no record, list, log, message or file (E10).',
    when: 'over',
    async holds({ story, runs }) {
      const { world } = story;
      const { query } = world.store;
      const said = [
        ...runs,
        ...(await Promise.all(runs.map(({ run }) => query.run(run)))),
        world.logged,
        world.informed,
        world.board.seen,
        await query.rejected(1_000),
        await query.questions({ open: false, limit: 1_000 }),
        await query.eventsSince(0, ['lab.alarm', 'windows.event'], 10_000),
        story.files(),
      ];
      for (const each of said) expect(JSON.stringify(each)?.includes(SECRET.slice(-12)) ?? false).toBe(false);
    },
  },
  {
    number: 'R14',
    name: 'nothing dropped',
    sentence:
      'Every event is accepted, a duplicate or a dead letter; whom it should wake it wakes, or a reason is on record; every command settles or its run moves on.',
    when: 'over',
    async holds({ story, runs }) {
      await expectNothingDropped(story, runs);
    },
  },
];

async function told(story: Story): Promise<Told> {
  const runs: OneRun[] = [];
  for (const run of await story.runs()) {
    const { birth, head } = await story.world.run(run);
    const records = await story.world.store.query.records(run);
    const compiled = (await story.world.store.query.version(birth.version)) as unknown as Compiled;
    runs.push({
      run,
      birth,
      compiled,
      status: head.status,
      journal: records,
      outcomes: outcomesIn(head.state.main.memory, ''),
    });
  }
  return { story, runs };
}

export async function expectLaws(when: Law['when'], story: Story): Promise<void> {
  const all = await told(story);
  for (const { number, name, holds } of LAWS.filter(law => law.when === when)) {
    try {
      await holds(all);
    } catch (fault) {
      if (fault instanceof Error) fault.message = `law ${number} (${name}) is broken: ${fault.message}`;
      throw fault;
    }
  }
}

function outcomesIn(memory: Memory, prefix: string): { command: string; outcome: Outcome }[] {
  const own = Object.entries(memory.outcomes).map(([id, outcome]) => ({ command: `${prefix}${id}`, outcome }));
  const inner = Object.entries(memory.rounds ?? {}).flatMap(([id, rounds]) =>
    rounds.flatMap(round => outcomesIn(round, `${prefix}${id}[${round.index}].`)),
  );
  return [...own, ...inner];
}

function expectBounds({ run, birth, compiled, journal, outcomes }: OneRun): void {
  const ended = journal.find(({ body }) => body.kind === 'ended')?.at ?? Infinity;
  expect(ended, run).toBeLessThanOrEqual(birth.overdue + GRACE);
  const steps = new Map(allSteps(compiled.playbook).map(each => [each.id, each]));
  const count = (value: { readonly value: number } | { readonly param: string } | undefined): number =>
    value === undefined ? 3 : 'value' in value ? value.value : Number(birth.facts.params[value.param]);
  for (const { command, outcome } of outcomes) {
    const found = steps.get(command.slice(command.lastIndexOf('.') + 1));
    if (found?.kind === 'do')
      expect(outcome.attempts ?? 0, `${run}/${command}`).toBeLessThanOrEqual(count(found.retry?.times));
  }
  const within = (level: Level): void => {
    for (const [id, fan] of Object.entries(level.fans)) {
      const loop = steps.get(id);
      if (loop?.kind !== 'for_each') throw new Error(`${id} is no loop`);
      expect(fan.items.length, `${run}/${id}`).toBeLessThanOrEqual(count(loop.max));
      expect(Object.keys(fan.live).length, `${run}/${id}`).toBeLessThanOrEqual(loop.atOnce);
      Object.values(fan.live).forEach(within);
    }
  };
  let state = UNBEGUN;
  for (const { body } of journal) {
    if (body.kind !== 'told') continue;
    ({ state } = step(compiled, birth.facts, state, body.input));
    within(state.main);
  }
  expect(state.asked, run).toBeLessThanOrEqual(MOST_STEPS);
}

async function expectSame({ world }: Story, run: RunId): Promise<void> {
  const { birth, head } = await world.run(run);
  const compiled = (await world.store.query.version(birth.version)) as unknown as Compiled;
  let state = UNBEGUN;
  for (const record of await world.journal(run)) {
    if (record.kind !== 'told') continue;
    const stepped = step(compiled, birth.facts, state, record.input);
    expect(stepped.commands.map(({ id }) => id)).toEqual(record.commands);
    expect(fromDisk(stepped.judgements as unknown as Json)).toEqual(record.judgements);
    state = fromDisk(stepped.state);
    expect(state).toEqual(stepped.state);
  }
  // Who never got its turn has been told nothing.
  if (state.main.value === UNBEGUN.main.value) state = { ...state, status: head.state.status };
  expect(state).toEqual(head.state);
}

function fromDisk<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function expectGuarded({ project, pauses, world }: Story, runs: readonly OneRun[]): void {
  const intents = runs.flatMap(({ run, birth, journal }) =>
    journal.flatMap(({ at, body }) =>
      body.kind === 'intended' ? [{ at, run, playbook: birth.facts.playbook, intent: body.intent }] : [],
    ),
  );
  const writes = intents.filter(({ intent }) => !['lab.tell', 'backline.note'].includes(intent.action));
  for (const { at, intent } of writes) {
    expect(
      intent.targets.filter(({ value }) => String(value).startsWith('dc')),
      intent.key,
    ).toEqual([]);
    expect(
      pauses.filter(({ from, to }) => from < at && at < to),
      intent.key,
    ).toEqual([]);
  }
  const guarded = world.board.seen.filter(
    ({ key, action }) => !key.endsWith('/undo') && action !== 'lab.tell' && action !== 'lab.look',
  );
  for (const { input, key } of guarded)
    expect(targetOf(input).startsWith('dc') && isObject(input) && 'host' in input, key).toBe(false);
  for (const { most, within, per, actions = [] } of project.guardrails.budgets) {
    const counted = writes.filter(({ intent }) => actions.includes(intent.action));
    for (const { at, playbook } of counted) {
      const beside = counted.filter(
        other => other.at > at - within && other.at <= at && (per === 'all' || other.playbook === playbook),
      );
      expect(beside.length).toBeLessThanOrEqual(most);
    }
  }
  for (const { people, actions = [] } of project.guardrails.approvals) {
    for (const { intent } of writes.filter(each => actions.includes(each.intent.action))) {
      expect((intent.by ?? '').split(', ').filter(Boolean).length, intent.key).toBeGreaterThanOrEqual(people);
    }
  }
}

async function expectNothingDropped({ world, sent, project }: Story, runs: readonly OneRun[]): Promise<void> {
  const { query } = world.store;
  const { runs: counted, openQuestions } = await query.counts();
  expect([counted['open'], counted['queued'], openQuestions]).toEqual([undefined, undefined, 0]);
  expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
  expect(world.power.alarms).toBe(0);
  for (const { run, journal, outcomes } of runs) {
    const { head, inputs } = await world.run(run);
    expect(head.commands, run).toEqual({});
    expect(inputs, run).toEqual([]);
    const { ending } = head.state.main.memory;
    expectSettled(
      { run, journal, outcomes },
      ending !== undefined && (ending.kind !== 'done' || ending.stopped === true),
    );
  }
  const letters = await query.rejected(10_000);
  const first = new Map<string, boolean>();
  for (const { origin, draft, received } of sent) {
    if (received.kind === 'rejected') {
      expect(letters.map(({ reason }) => reason)).toContain(received.reason);
      continue;
    }
    const { event } = received;
    expect((await query.event(JSON.stringify([event.origin, event.id])))?.event.id ?? event.id).toBe(event.id);
    const key = `${origin} ${JSON.stringify(draft)}`;
    if (first.has(key)) expect(received.kind).toBe('duplicate');
    first.set(key, true);
    if (received.kind !== 'accepted' || event.type !== 'lab.alarm') continue;
    for (const { compiled, mode } of project.installed) {
      const { triggers, name, lock, once } = compiled.playbook;
      const isPlain = triggers.some(
        each => each.kind === 'event' && each.event === 'lab.alarm' && !each.match && !each.if,
      );
      // A reload may have left it out for a while.
      if (!isPlain || mode === 'paused' || lock !== undefined || once !== undefined) continue;
      const woken = runs.filter(({ run, birth }) => birth.facts.playbook === name && received.runs.includes(run));
      expect(woken.length, `${name} for ${event.id}`).toBe(1);
    }
  }
}

/** Each command that was asked for has an outcome, comes late, or is left behind by an ending. */
function expectSettled(
  { run, journal, outcomes }: Pick<OneRun, 'run' | 'journal' | 'outcomes'>,
  isCutShort: boolean,
): void {
  const asked = new Set<CommandId>();
  const settled = new Set<string>(outcomes.map(({ command }) => command));
  for (const { body } of journal) {
    if (body.kind === 'late') settled.add(body.command);
    if (body.kind !== 'told') continue;
    for (const id of body.commands) asked.add(id);
  }
  const questions = journal.flatMap(({ body }) => (body.kind === 'asked' ? [body.question.id] : []));
  const closed = journal.flatMap(({ body }) => (body.kind === 'question-closed' ? [body.question] : []));
  expect(closed.toSorted(), run).toEqual(questions.toSorted());
  if (!isCutShort)
    expect(
      [...asked].filter(id => !settled.has(id)),
      run,
    ).toEqual([]);
}

function targetOf(input: Json): string {
  return isObject(input) ? String(input['host'] ?? input['name']) : '';
}

function faultOf(facts: object): string {
  const fault = 'err' in facts ? facts.err : undefined;
  return fault instanceof Error ? (fault.stack ?? fault.message) : JSON.stringify(facts);
}
