import { describe, expect, test } from 'vitest';
import { startOf } from '../../src/base/span.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import type { Performed } from '../../src/engine/performer.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/*
 * LANGUAGE 8.2: after a cancel nothing new starts, questions close, writes in flight are awaited to their time-out, then
 * `finally` runs; what is in doubt reaches the ledger all the same.
 */

const HOUR = 3_600_000;
const FINALLY = `
finally:
  - { id: story, do: lab.tell, with: { to: soc, subject: "over{{#each run.responses}} {{this.action}} {{this.status}}{{/each}}" } }
`;

const write = (action: string, more = '') =>
  install(
    playbookText(`
respond:
  - { id: act, do: lab.${action}, with: { host: "{{event.host.name}}" }${more} }
  - { id: next, do: lab.mark, with: { host: "{{event.host.name}}" } }
${FINALLY}`),
  );

describe.each(DISKS)('a cancelled run on %s', kind => {
  test('does not begin a write that was waiting for its turn on the target', async () => {
    const world = await openWorld({ playbooks: [write('list')], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const first = await world.alarm();
    await world.idle();
    const second = await world.alarm();
    await world.idle();
    await world.engine.cancel(second, 'ann', false);
    world.board.waitingFor('lab.list').answer({ kind: 'failed', reason: 'rejected', detail: 'no' });
    await world.finish();
    expect(world.board.performed('lab.list')).toHaveLength(1);
    expect([await world.status(first), await world.status(second)]).toEqual(['failed', 'cancelled']);
    expect((await world.journal(second)).map(({ kind }) => kind)).not.toContain('refused');
  });

  test('does not begin reads that were waiting for a free place', async () => {
    const looks = Array.from(
      { length: 12 },
      (_, index) => `  look${index}: { do: lab.look, with: { what: "${index}" } }`,
    );
    const playbook = install(playbookText(`\nenrich:\n${looks.join('\n')}\nrespond: []\n`));
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    world.board.hold('lab.look');
    const run = await world.alarm();
    await world.idle();
    expect(world.board.seen).toHaveLength(10);
    await world.engine.cancel(run, 'ann', false);
    await world.finish();
    expect(world.board.seen).toHaveLength(10);
    expect(await world.status(run)).toBe('cancelled');
  });

  test('leaves the target free for others when its write in flight fails', async () => {
    const world = await openWorld({ playbooks: [write('list')], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    world.board.waitingFor('lab.list').answer({ kind: 'failed', reason: 'rejected', detail: 'no' });
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    const other = await world.alarm();
    await world.finish();
    expect(await world.outcome(other, 'act')).toBe('done');
  });

  test('remembers what its write in flight came to, and tells it', async () => {
    const world = await openWorld({ playbooks: [write('list')], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    world.board.waitingFor('lab.list').done();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(await world.inForce()).toMatchObject([{ run, action: 'lab.list', state: 'in-force' }]);
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.tell over lab.list in force']);
  });

  test('is cancelled also when the power goes while its write in flight is awaited', async () => {
    const world = await openWorld({ playbooks: [write('list')], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    await world.idle();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(world.board.performed('lab.mark')).toEqual([]);
  });

  test('keeps what has settled when the power goes while another write is awaited', async () => {
    const playbook = install(
      playbookText(`
respond:
  - id: all
    for_each: '["h1", "h2"]'
    as: host
    max: 5
    at_once: 2
    steps: [{ id: list, do: lab.list, with: { host: "{{host}}" } }]
${FINALLY}`),
    );
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    world.board.waitingFor('lab.list').done();
    await world.idle();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    const { state, status } = (await world.run(run)).head;
    expect(status).toBe('cancelled');
    expect(state.main.memory.rounds?.['all']?.map(({ outcomes }) => outcomes['list']?.status)).toEqual([
      'done',
      'done',
    ]);
    expect(state.responses.map(({ target }) => target)).toEqual(['h1', 'h2']);
  });

  test('does not repeat its write when the product asks for that after the cancel', async () => {
    const world = await openWorld({ playbooks: [write('list')], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    world.board.waitingFor('lab.list').answer({ kind: 'retry', reason: 'rate-limited', detail: '429' });
    await world.finish();
    expect(world.board.performed('lab.list')).toHaveLength(1);
    expect(await world.outcome(run, 'act')).toBe('cancelled');
    expect(await world.status(run)).toBe('cancelled');
  });

  test('does not send a write whose intent was still on its way to the disk', async () => {
    const world = await openWorld({ playbooks: [write('list')], disk: createDisk(kind) });
    const { commit } = world.store;
    let cancelling: Promise<unknown> | undefined;
    const { engine } = world;
    world.store.commit = async turns => {
      const isIntent = turns.some(({ intents }) => intents.some(({ record }) => record.body.kind === 'intended'));
      const [turn] = turns;
      if (isIntent && turn !== undefined) cancelling ??= engine.cancel(turn.run, 'ann', false);
      await cancelling;
      return commit(turns);
    };
    const run = await world.alarm();
    await world.finish();
    expect(world.board.performed('lab.list')).toEqual([]);
    expect(await world.outcome(run, 'act')).toBe('cancelled');
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    const other = await world.alarm();
    await world.finish();
    expect(await world.outcome(other, 'act')).toBe('done');
  });

  test('takes back a hold that was joined while the cancel came', async () => {
    const world = await openWorld({ playbooks: [write('list')], disk: createDisk(kind) });
    await world.alarm();
    await world.finish();
    const { commit } = world.store;
    const { engine } = world;
    let cancelling: Promise<unknown> | undefined;
    world.store.commit = async turns => {
      const isJoin = turns.some(({ intents }) => intents.some(({ record }) => record.body.kind === 'hold-added'));
      const [turn] = turns;
      if (isJoin && turn !== undefined) cancelling ??= engine.cancel(turn.run, 'ann', true);
      await cancelling;
      return commit(turns);
    };
    const run = await world.alarm();
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    expect((await world.store.query.holds()).filter(hold => hold.run === run && hold.command === 'act')).toEqual([]);
  });

  test('lists in the ledger what nobody could say of a lost answer', async () => {
    const world = await openWorld({ playbooks: [write('press')], disk: createDisk(kind) });
    world.board.script('lab.press', { kind: 'retry', reason: 'timeout', detail: 'silence', inDoubt: true });
    const run = await world.alarm();
    await world.idle();
    await world.question();
    await world.engine.cancel(run, 'ann', false);
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    expect(await world.outcome(run, 'act')).toBe('unconfirmed: in-doubt');
    expect(await world.inForce()).toMatchObject([{ run, action: 'lab.press', state: 'unconfirmed' }]);
    await expect(world.question()).rejects.toThrow('0 questions');
  });

  test('has ten minutes for its last steps, also when the power goes meanwhile', async () => {
    const rule = {
      name: 'told',
      span: startOf('guardrails.yaml'),
      actions: ['lab.tell'],
      who: ['ann'],
      within: 24 * HOUR,
      people: 1,
    };
    const guardrails = { ...NO_GUARDRAILS, approvals: [rule] };
    const world = await openWorld({
      playbooks: [install(playbookText(`\nrespond: []\n${FINALLY}`))],
      disk: createDisk(kind),
      guardrails,
    });
    const run = await world.alarm();
    await world.idle();
    await world.crash();
    await world.pass(HOUR);
    // What was not done is said.
    expect(await world.status(run)).toBe('partial');
    expect(await world.outcome(run, 'story')).toBe('cancelled');
    expect((await world.journal(run)).at(-1)).toMatchObject({ kind: 'ended' });
    await expect(world.question()).rejects.toThrow('0 questions');
    expect(world.power.alarms).toBe(0);
  });
});

describe('a run that is overdue', () => {
  const LOST: Performed = { kind: 'retry', reason: 'timeout', detail: 'silence', inDoubt: true };
  const BUSY: Performed = { kind: 'retry', reason: 'unavailable', detail: '503', after: 90_000 };
  const APPROVE = ', approve: { who: leads, within: 1m, otherwise: allow }';

  test.each([
    ['while people are asked', 'list', APPROVE, undefined, undefined, []],
    ['while its write is on its way', 'list', '', 'silence', 'cancelled', []],
    ['while its write sleeps between two attempts', 'list', '', BUSY, 'cancelled', []],
    [
      'while the product works on it',
      'mark',
      '',
      { kind: 'pending', token: 't', again: 50_000 },
      'unconfirmed: not-yet',
      ['unconfirmed'],
    ],
    ['while a lost answer is in doubt', 'press', '', LOST, 'unconfirmed: in-doubt', ['unconfirmed']],
    ['while a lost answer is looked up', 'isolate', '', LOST, 'cancelled', []],
  ] as const)('%s ends as failed, and leaves nothing open', async (_, action, more, answer, outcome, inForce) => {
    const playbook = install(
      playbookText(
        `\ntimeout: 1m\nrespond:\n  - { id: act, do: lab.${action}, with: { host: h1 }${more} }\n${FINALLY}`,
      ),
    );
    const world = await openWorld({ playbooks: [playbook] });
    if (answer === 'silence') world.board.hold(`lab.${action}`);
    else if (answer !== undefined) world.board.script(`lab.${action}`, answer);
    const run = await world.alarm();
    await world.finish();
    const { head } = await world.run(run);
    expect([head.status, head.commands]).toEqual(['failed', {}]);
    expect(await world.outcome(run, 'act')).toBe(outcome);
    expect((await world.inForce()).map(({ state }) => state)).toEqual(inForce);
    expect(await world.outcome(run, 'story')).toBe('done');
    expect(world.power.alarms).toBe(0);
    expect((await world.store.query.counts()).openQuestions).toBe(0);
  });
});

test('a run that is overdue while it waits for its turn ends without having begun', async () => {
  const lock = '\nlock: "host:{{event.host.name}}"\n';
  const long = install(playbookText(`${lock}respond:\n  - { id: pause, wait: { for: 50m } }\n`, 'long'));
  const short = install(playbookText(`${lock}timeout: 30m\nrespond: []\n`, 'short'));
  const world = await openWorld({ playbooks: [long, short] });
  const runs = await world.alarms();
  await world.pass(HOUR / 2);
  const ended = runs.map(run => world.status(run));
  expect(await Promise.all(ended)).toEqual(['open', 'failed']);
  expect((await world.journal(runs[1] ?? expect.fail('one woke'))).map(({ kind }) => kind)).toEqual([
    'woken',
    'ended',
    'told-owner',
  ]);
  await world.finish();
  expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
});
