import { describe, expect, test } from 'vitest';
import type { InputId } from '../../src/base/ids.ts';
import { startOf } from '../../src/base/span.ts';
import type { Guardrails } from '../../src/engine/guardrails.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/* What people are asked, who may answer, and that no answer is lost (LANGUAGE 6.1, 6.2). */

const HOUR = 3_600_000;

const approving = (more: string, trigger = '') =>
  install(
    playbookText(`${trigger}
respond:
  - id: act
    do: lab.list
    with: { host: h1 }
    approve: { who: leads, within: 1h, ${more} }
`),
  );
const asking = install(
  playbookText(`
respond:
  - id: ask
    ask: Really?
    who: leads
    within: 1h
    people: 2
    answers:
      yes: { label: "Yes", then: [{ id: act, do: lab.list, with: { host: h1 } }] }
      no: { label: "No", people: 1 }
    otherwise: [{ id: told, do: lab.tell, with: { to: soc, subject: nobody } }]
`),
);
const RULE = { name: 'careful', span: startOf('guardrails.yaml'), who: ['chief'], within: HOUR, people: 1 };
const CAREFUL: Guardrails = { ...NO_GUARDRAILS, approvals: [{ ...RULE, actions: ['lab.list'] }] };

describe.each(DISKS)('people on %s', kind => {
  test('an answer that was on disk when the power went is counted', async () => {
    const world = await openWorld({ playbooks: [approving('otherwise: deny')], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    const question = await world.question();
    const body = { kind: 'answer', question, answer: 'approve', by: 'ann' } as const;
    await world.store.deliver([{ id: `answer:${question}:ann` as InputId, run, at: world.clock.now(), body }]);
    await world.crash();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(world.board.changes).toEqual(['lab.list h1']);
  });

  test('guardrails that name different people are each asked, also over a crash; one group alone is not enough', async () => {
    const both: Guardrails = {
      ...NO_GUARDRAILS,
      approvals: [
        { ...RULE, actions: ['lab.list'] },
        { ...RULE, name: 'lawful', who: ['counsel'], effects: ['reversible'] },
      ],
    };
    const world = await openWorld({
      playbooks: [approving('otherwise: deny')],
      guardrails: both,
      disk: createDisk(kind),
    });
    const run = await world.alarm();
    await world.idle();
    const first = await world.store.query.question(await world.question());
    expect(first?.question).toMatchObject({ who: ['chief'], rules: ['careful: 1 of chief', '(playbook)'] });
    await world.engine.answer(await world.question(), 'approve', 'chief');
    await world.idle();
    expect(world.board.changes).toEqual([]);
    await world.crash();
    await world.idle();
    const second = await world.store.query.question(await world.question());
    expect(second?.question).toMatchObject({ who: ['counsel'], rules: ['lawful: 1 of counsel', '(playbook)'] });
    await world.engine.answer(await world.question(), 'approve', 'counsel');
    await world.finish();
    expect((await world.run(run)).head.state.main.memory.outcomes['act']).toMatchObject({
      status: 'done',
      by: 'chief, counsel',
    });
  });

  test('a guardrail that is new when an approval is given is asked for too', async () => {
    const world = await openWorld({ playbooks: [approving('otherwise: deny')], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    world.setGuardrails(CAREFUL);
    await world.engine.answer(await world.question(), 'approve', 'ann');
    await world.idle();
    expect(world.board.changes).toEqual([]);
    await world.engine.answer(await world.question(), 'approve', 'chief');
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
  });

  test.each([
    ['other people', { who: ['counsel'] }],
    ['more of them', { who: ['chief', 'counsel'], people: 2 }],
  ])('a guardrail that wants %s by the time it is approved is asked for anew', async (_, stricter) => {
    const world = await openWorld({
      playbooks: [approving('otherwise: deny')],
      guardrails: CAREFUL,
      disk: createDisk(kind),
    });
    const run = await world.alarm();
    await world.idle();
    world.setGuardrails({ ...NO_GUARDRAILS, approvals: [{ ...RULE, actions: ['lab.list'], ...stricter }] });
    await world.engine.answer(await world.question(), 'approve', 'chief');
    await world.idle();
    expect(world.board.changes).toEqual([]);
    const again = await world.question();
    expect((await world.store.query.question(again))?.question).toMatchObject({ people: 1, ...stricter });
    for (const person of stricter.who) await world.engine.answer(again, 'approve', person);
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
  });

  test('answers from before and after a crash count together, each person once', async () => {
    const world = await openWorld({ playbooks: [asking], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    const question = await world.question();
    expect(await world.engine.answer(question, 'yes', 'ann')).toBe('answered');
    await world.crash();
    expect(await world.engine.answer(question, 'yes', 'ann')).toBe('duplicate');
    await world.idle();
    expect(world.board.changes).toEqual([]);
    expect(await world.engine.answer(question, 'yes', 'bob')).toBe('answered');
    await world.finish();
    expect(world.board.changes).toEqual(['lab.list h1']);
    expect((await world.run(run)).head.state.main.memory.outcomes['ask']).toMatchObject({
      status: 'done',
      by: 'ann, bob',
    });
  });

  test('a question that nobody answered expires at its time also after a crash', async () => {
    const world = await openWorld({ playbooks: [asking], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.pass(HOUR / 2);
    await world.crash();
    await world.pass(HOUR / 2 - 1);
    expect(await world.status(run)).toBe('open');
    await world.pass(1);
    await world.idle();
    expect(await world.outcome(run, 'ask')).toBe('expired');
    expect(world.board.changes).toEqual(['lab.tell nobody']);
    expect(world.power.alarms).toBe(0);
  });

  test('a question of a cancelled run closes, also when the power goes meanwhile', async () => {
    const world = await openWorld({ playbooks: [approving('otherwise: allow')], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    const id = 'cancel:1' as InputId;
    await world.store.deliver([{ id, run, at: world.clock.now(), body: { kind: 'cancel', by: 'ann', undo: false } }]);
    await world.crash();
    await world.pass(2 * HOUR);
    expect(await world.status(run)).toBe('cancelled');
    expect((await world.journal(run)).filter(({ kind: what }) => what === 'question-closed')).toHaveLength(1);
    expect(world.board.changes).toEqual([]);
    expect(world.power.alarms).toBe(0);
  });
});

test.each([
  ['allow', 'done', ['lab.list h1']],
  ['deny', 'expired', []],
] as const)('where nobody answers, otherwise: %s decides', async (otherwise, outcome, changes) => {
  const world = await openWorld({ playbooks: [approving(`otherwise: ${otherwise}`)] });
  const run = await world.alarm();
  await world.finish();
  expect(await world.outcome(run, 'act')).toBe(outcome);
  expect(world.board.changes).toEqual(changes);
});

test('a playbook does not loosen an approval that a guardrail demands, not by otherwise: allow either', async () => {
  const world = await openWorld({ playbooks: [approving('otherwise: allow')], guardrails: CAREFUL });
  const run = await world.alarm();
  await world.finish();
  expect(await world.outcome(run, 'act')).toBe('expired');
  expect(world.board.changes).toEqual([]);
});

test('one spoken no is enough', async () => {
  const world = await openWorld({ playbooks: [approving('otherwise: deny, people: 2')] });
  const run = await world.alarm();
  await world.idle();
  const question = await world.question();
  await world.engine.answer(question, 'approve', 'ann');
  await world.engine.answer(question, 'deny', 'bob');
  await world.finish();
  expect((await world.run(run)).head.state.main.memory.outcomes['act']).toMatchObject({ status: 'denied', by: 'bob' });
});

test('nobody approves a run that he caused by hand, nor where he is excepted', async () => {
  const playbook = approving('otherwise: deny, except: eve', '\ntrigger: [{ manual: true }]\n');
  const world = await openWorld({ playbooks: [playbook] });
  await world.engine.wake('test', {}, 'ann');
  await world.idle();
  const question = await world.question();
  expect(await world.engine.answer(question, 'approve', 'ann')).toBe('not-allowed');
  expect(await world.engine.answer(question, 'approve', 'eve')).toBe('not-allowed');
  expect(await world.engine.answer(question, 'perhaps', 'bob')).toBe('unknown-answer');
  expect(await world.engine.answer(question, 'approve', 'bob')).toBe('answered');
  await world.idle();
  expect(await world.engine.answer(question, 'approve', 'cay')).toBe('closed');
  expect(world.board.changes).toEqual(['lab.list h1']);
});

test('who joins a response that is in force asks nobody, but asks when it turns out to be gone', async () => {
  const world = await openWorld({ playbooks: [approving('otherwise: deny')] });
  await world.alarm();
  await world.idle();
  await world.engine.answer(await world.question(), 'approve', 'ann');
  await world.finish();
  const joined = await world.alarm();
  await world.finish();
  expect(await world.outcome(joined, 'act')).toBe('done');
  // Somebody has taken it off the list behind our back.
  world.board.lift('lab.list', 'h1');
  const run = await world.alarm();
  await world.idle();
  expect(world.board.performed('lab.list')).toHaveLength(1);
  await world.engine.answer(await world.question(), 'approve', 'ann');
  await world.finish();
  expect(await world.outcome(run, 'act')).toBe('done');
  expect(world.board.performed('lab.list')).toHaveLength(2);
});
