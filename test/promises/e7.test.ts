import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const once = (action: string) =>
  install(
    playbookText(
      `\nrespond:\n  - { id: act, do: lab.${action}, with: { host: "{{event.host.name}}" }, retry: { times: 1 } }\n`,
    ),
  );

describe.each(DISKS)('E7 on %s', kind => {
  test.each(['list', 'isolate', 'mark'])(
    'a stop in the middle of %s costs it no attempt, even its only one (E7)',
    async action => {
      const world = await openWorld({ playbooks: [once(action)], disk: createDisk(kind) });
      world.board.hold(`lab.${action}`);
      const run = await world.alarm();
      await world.idle();
      world.board.manner(`lab.${action}`, (seen, board) => board.effect(seen));
      await world.restart();
      await world.finish();
      expect(await world.outcome(run, 'act')).toBe('done');
      expect(world.board.performed(`lab.${action}`).map(({ attempt }) => attempt)).toEqual([1, 1]);
      expect((await world.run(run)).head.state.main.memory.outcomes['act']?.attempts).toBe(1);
      expect(await world.status(run)).toBe('done');
    },
  );

  test('a stop in the middle of a read costs it no attempt and leaves no record (E7)', async () => {
    const playbook = install(
      playbookText(`\nenrich:\n  seen: { do: lab.look, with: {}, retry: { times: 1 }, required: true }\nrespond: []\n`),
    );
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    world.board.hold('lab.look');
    const run = await world.alarm();
    await world.idle();
    world.board.manner('lab.look', (seen, board) => board.effect(seen));
    await world.restart();
    await world.finish();
    expect(await world.status(run)).toBe('done');
    expect((await world.journal(run)).map(({ kind: what }) => what)).toEqual(['woken', 'told', 'told', 'ended']);
  });

  test('a stop between two attempts leaves the second its time (E7)', async () => {
    const playbook = install(
      playbookText(`\nrespond:\n  - { id: act, do: lab.mark, with: { host: h1 }, retry: { times: 2, every: 30s } }\n`),
    );
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    world.board.script('lab.mark', { kind: 'retry', reason: 'unavailable', detail: '503' }, 'effect');
    const run = await world.alarm();
    await world.pass(10_000);
    await world.restart();
    await world.pass(19_999);
    expect(world.board.performed('lab.mark')).toHaveLength(1);
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(world.board.performed('lab.mark').map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  test('an answer that has come when the daemon stops is on disk, and is not asked about again (E7)', async () => {
    const world = await openWorld({ playbooks: [once('press')], disk: createDisk(kind) });
    world.board.hold('lab.press');
    const run = await world.alarm();
    await world.idle();
    // The disk is slow; the run has heard the answer, and its turn is on its way.
    const { commit } = world.store;
    world.store.commit = async turns => {
      for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
      return commit(turns);
    };
    world.board.waitingFor('lab.press').done();
    await new Promise(resolve => setImmediate(resolve));
    await world.restart();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(world.board.performed('lab.press')).toHaveLength(1);
    expect((await world.journal(run)).map(({ kind: what }) => what)).not.toContain('asked');
  });
});
