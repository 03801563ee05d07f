import { describe, expect, test } from 'vitest';
import { startOf } from '../../src/base/span.ts';
import type { Guardrails } from '../../src/engine/guardrails.ts';
import { NO_GUARDRAILS } from '../../src/engine/guardrails.ts';
import type { Performed } from '../../src/engine/performer.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const HOUR = 3_600_000;
const span = startOf('guardrails.yaml');
const PROTECTED: Guardrails = {
  ...NO_GUARDRAILS,
  protected: [{ name: 'crown', span, values: { host: ['dc-*', 'h1'] } }],
};
const budget = (most: number, per: 'all' | 'playbook'): Guardrails => ({
  ...NO_GUARDRAILS,
  budgets: [{ name: 'few', span, most, within: HOUR, per }],
});

const acting = (action = 'list', more = '', name = 'test') =>
  install(
    playbookText(
      `\nrespond:\n  - { id: act, do: lab.${action}, with: { host: "{{event.host.name}}" }${more} }\n`,
      name,
    ),
  );
const BUSY: Performed = { kind: 'retry', reason: 'unavailable', detail: '503' };
const APPROVED = ', approve: { who: leads, within: 1h, otherwise: deny }';

describe.each(DISKS)('E8 on %s', kind => {
  test('a protected target is refused before anything is sent, and the record names rule and place (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind), guardrails: PROTECTED });
    const run = await world.alarm({ host: { name: 'DC-01.corp.example' } });
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('refused: crown');
    expect(world.board.seen).toEqual([]);
    expect(await world.journal(run)).toContainEqual(
      expect.objectContaining({ kind: 'refused', rule: 'crown', where: 'guardrails.yaml:1:1' }),
    );
    expect(await world.status(run)).toBe('partial');
  });

  test('what was protected between the approval and the act is refused (E8)', async () => {
    const world = await openWorld({ playbooks: [acting('list', APPROVED)], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    world.setGuardrails(PROTECTED);
    await world.engine.answer(await world.question(), 'approve', 'ann');
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('refused: crown');
    expect(world.board.performed('lab.list')).toEqual([]);
  });

  test('what was protected while the state was read is refused (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind) });
    world.board.manner('verify lab.list', () => {
      world.setGuardrails(PROTECTED);
      return undefined;
    });
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('refused: crown');
    expect(world.board.performed('lab.list')).toEqual([]);
  });

  test('a budget holds however many want it at once, and is given back by time (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind), guardrails: budget(3, 'all') });
    const runs = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(name => world.alarm({ host: { name } })));
    await world.finish();
    expect(world.board.changes).toHaveLength(3);
    const outcomes = await Promise.all(runs.map(run => world.outcome(run, 'act')));
    expect(outcomes.filter(outcome => outcome === 'refused: few')).toHaveLength(3);
    await world.crash();
    await world.pass(HOUR - 1);
    const late = await world.alarm({ host: { name: 'g' } });
    await world.finish();
    expect(await world.outcome(late, 'act')).toBe('refused: few');
    await world.pass(1);
    const again = await world.alarm({ host: { name: 'g' } });
    await world.finish();
    expect(await world.outcome(again, 'act')).toBe('done');
  });

  test('rounds side by side get what is left of a budget, and only those beyond it are refused (E8)', async () => {
    const rounds = install(
      playbookText(`
vars: { hosts: ["a", "b", "c"] }
respond:
  - id: all
    for_each: vars.hosts
    as: host
    max: 3
    at_once: 3
    steps: [{ id: act, do: lab.list, with: { host: "{{host}}" } }]
`),
    );
    const world = await openWorld({ playbooks: [rounds], disk: createDisk(kind), guardrails: budget(2, 'all') });
    const run = await world.alarm();
    await world.finish();
    expect(world.board.standing).toEqual(['lab.list a', 'lab.list b']);
    const refused = (await world.journal(run)).filter(({ kind: what }) => what === 'refused');
    expect(refused).toMatchObject([{ rule: 'few', detail: '2 of 2 in 1h' }]);
  });

  test('a budget of each playbook is its own (E8)', async () => {
    const world = await openWorld({
      playbooks: [acting('list', '', 'one'), acting('mark', '', 'two')],
      disk: createDisk(kind),
      guardrails: budget(1, 'playbook'),
    });
    await world.alarms();
    await world.finish();
    expect(world.board.standing).toEqual(['lab.list h1', 'lab.mark h1']);
  });

  test('retries of one write use the budget once (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind), guardrails: budget(1, 'all') });
    world.board.script('lab.list', { kind: 'retry', reason: 'unavailable', detail: '503' }, 'effect');
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
  });

  test('a pause that is switched on before the commit of the intent stops the write (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind) });
    const { engine } = world;
    const { commit } = world.store;
    let pausing: Promise<void> | undefined;
    world.store.commit = async turns => {
      if (turns.some(({ intents }) => intents.length > 0)) pausing ??= engine.pause('ann', 'stop it');
      await pausing;
      return commit(turns);
    };
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('refused: pause');
    expect(world.board.performed('lab.list')).toEqual([]);
    await engine.resume('ann');
    const other = await world.alarm();
    await world.finish();
    expect(await world.outcome(other, 'act')).toBe('done');
  });

  test('a pause stops the further attempts of what has not taken effect (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind) });
    world.board.script('lab.list', BUSY, 'effect');
    const run = await world.alarm();
    await world.idle();
    await world.engine.pause('ann', 'stop it');
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('refused: pause');
    expect(world.board.performed('lab.list')).toHaveLength(1);
    expect(await world.journal(run)).toContainEqual(expect.objectContaining({ kind: 'refused', rule: 'pause' }));
    await world.engine.resume('ann');
    const other = await world.alarm();
    await world.finish();
    expect(await world.outcome(other, 'act')).toBe('done');
  });

  test('what is protected while an attempt waits for its turn is not attempted again (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind) });
    world.board.script('lab.list', BUSY, 'effect');
    const run = await world.alarm();
    await world.idle();
    world.setGuardrails(PROTECTED);
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('refused: crown');
    expect(world.board.performed('lab.list')).toHaveLength(1);
  });

  test.each([
    ['list', true, 'done'],
    ['list', false, 'refused: pause'],
    ['mark', true, 'unconfirmed: in-doubt'],
  ] as const)(
    'during a pause a lost %s is looked up where it can be, and never sent again (E8)',
    async (action, tookEffect, outcome) => {
      const world = await openWorld({ playbooks: [acting(action)], disk: createDisk(kind) });
      world.board.manner(`lab.${action}`, (seen, board) => {
        if (tookEffect) board.effect(seen);
        return { kind: 'retry', reason: 'timeout', detail: 'silence', inDoubt: true };
      });
      const run = await world.alarm();
      await world.idle();
      await world.engine.pause('ann', 'stop it');
      await world.finish();
      expect(await world.outcome(run, 'act')).toBe(outcome);
      expect(world.board.performed(`lab.${action}`)).toHaveLength(1);
      expect(await world.inForce()).toHaveLength(tookEffect ? 1 : 0);
    },
  );

  test('after a crash during a pause a repeatable write is not sent again (E8)', async () => {
    const world = await openWorld({ playbooks: [acting('mark')], disk: createDisk(kind) });
    world.board.hold('lab.mark');
    const run = await world.alarm();
    await world.idle();
    await world.engine.pause('ann', 'stop it');
    world.board.manner('lab.mark', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(world.board.performed('lab.mark')).toHaveLength(1);
    expect(await world.outcome(run, 'act')).toBe('unconfirmed: in-doubt');
    expect(await world.inForce()).toMatchObject([{ run, state: 'unconfirmed' }]);
  });

  test('a pause stops the further attempts to take back what no person asked back, until it is over (E8)', async () => {
    const world = await openWorld({ playbooks: [acting('list', ', hold: { for: 1h }')], disk: createDisk(kind) });
    world.board.script('lab.unlist', BUSY, 'effect');
    await world.alarm();
    await world.pass(HOUR);
    expect(world.board.performed('lab.unlist')).toHaveLength(1);
    await world.engine.pause('ann', 'stop it');
    await world.pass(HOUR);
    expect(world.board.performed('lab.unlist')).toHaveLength(1);
    expect(await world.inForce()).toHaveLength(1);
    await world.engine.resume('ann');
    await world.pass(HOUR);
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.unlist h1']);
    expect(await world.inForce()).toEqual([]);
  });

  test('a pause stops neither reads nor messages (E8)', async () => {
    const telling = install(
      playbookText(
        `\nenrich:\n  seen: { do: lab.look, with: {} }\nrespond:\n  - { id: tell, do: lab.tell, with: { to: soc, subject: hello } }\n`,
      ),
    );
    const world = await openWorld({ playbooks: [telling], disk: createDisk(kind) });
    await world.engine.pause('ann', 'stop it');
    const run = await world.alarm();
    await world.finish();
    expect(await world.status(run)).toBe('done');
  });

  test('a shadow run is judged by counters of its own, and changes nothing (E8)', async () => {
    const shadow = { ...acting(), mode: 'shadow' } as const;
    const world = await openWorld({
      playbooks: [shadow, acting('mark', '', 'real')],
      disk: createDisk(kind),
      guardrails: budget(1, 'all'),
    });
    world.board.script('lab.list', { kind: 'planned' });
    const [first] = await world.alarms({ host: { name: 'a' } });
    await world.finish();
    expect(first && (await world.outcome(first, 'act'))).toBe('done');
    expect((await world.inForce()).map(({ action }) => action)).toEqual(['lab.mark']);
    expect(await world.store.query.budget('shadow/few', HOUR)).toBe(1);
    expect(await world.store.query.budget('few', HOUR)).toBe(1);
  });

  test('taking back is rescue: neither protection nor a budget stops it (E8)', async () => {
    const world = await openWorld({ playbooks: [acting()], disk: createDisk(kind), guardrails: budget(1, 'all') });
    const run = await world.alarm();
    await world.finish();
    world.setGuardrails({ ...PROTECTED, budgets: budget(1, 'all').budgets });
    expect(await world.engine.undoRun(run, 'ann', 'a drill')).toEqual({ undone: 1, left: 0 });
    expect(world.board.standing).toEqual([]);
  });
});
