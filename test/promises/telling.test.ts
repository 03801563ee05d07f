import { describe, expect, test } from 'vitest';
import type { RunId } from '../../src/base/ids.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { TestWorld, openWorld } from '../kit/world.ts';

/*
 * What the engine itself does in somebody's name is on disk first, like all that the playbook does: its word to an owner
 * (E2), and what a person has it take back.
 */

const SECOND = 1_000;
const holding = install(playbookText(`\nrespond:\n  - { id: act, do: lab.list, with: { host: h1 } }\n`));
const REJECTED = { kind: 'failed', reason: 'rejected', detail: 'the product said no' } as const;

describe.each(DISKS)('an owner on %s', kind => {
  async function failed(world: TestWorld): Promise<RunId> {
    world.board.script('lab.list', REJECTED);
    const run = await world.alarm();
    await world.idle();
    return run;
  }

  test('is told of a failed run, also where the power goes at any moment (E2)', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 3; call <= 8; call++) {
        const world = new TestWorld({ playbooks: [holding], disk: createDisk(kind) });
        world.board.script('lab.list', REJECTED, REJECTED);
        await world.start({ call, when });
        const run = await Promise.race([world.alarm(), world.power.off]);
        await Promise.race([world.finish(), world.power.off]);
        await world.crash();
        await world.finish();
        const [only] = run === undefined ? await world.store.query.runs({ limit: 1 }) : [{ run }];
        expect(world.informed[0], `${when} call ${call}`).toMatchObject({ to: 'owner@example.org' });
        expect(world.informed.length).toBeLessThanOrEqual(2);
        const told = (await world.journal(only?.run ?? expect.fail('nothing woke'))).filter(
          body => body.kind === 'told-owner',
        );
        expect(told).toEqual([{ kind: 'told-owner', to: 'owner@example.org', subject: world.informed[0]?.subject }]);
        await world.close();
      }
    }
  });

  test('who cannot be told is told when that works again, once', async () => {
    const world = await openWorld({ playbooks: [holding], disk: createDisk(kind) });
    world.deaf = 'the chat is down';
    const run = await failed(world);
    await world.pass(5 * SECOND);
    await world.crash();
    await world.idle();
    expect(world.informed).toEqual([]);
    delete world.deaf;
    await world.pass(5 * SECOND);
    expect(world.informed).toMatchObject([{ subject: expect.stringContaining('test failed') }]);
    expect((await world.journal(run)).at(-1)).toMatchObject({ kind: 'told-owner' });
    await world.crash();
    await world.finish();
    expect(world.informed).toHaveLength(1);
  });

  test('who cannot be told for twenty minutes is in the log and in the journal', async () => {
    const world = new TestWorld({ playbooks: [holding], disk: createDisk(kind) });
    await world.start();
    world.deaf = 'the chat is down';
    const run = await failed(world);
    await world.pass(21 * 60 * SECOND);
    expect((await world.journal(run)).at(-1)).toMatchObject({ kind: 'told-owner', trouble: 'the chat is down' });
    expect(world.logged).toMatchObject([
      { facts: { trouble: 'the chat is down' }, sentence: 'somebody could not be told' },
    ]);
    await world.close();
  });
});

describe.each(DISKS)('what a person has taken back on %s', kind => {
  test.each(['undoRun', 'undoResponse'] as const)(
    'by %s is taken back during a pause, also where the power goes at any moment',
    async undo => {
      for (const when of ['before', 'after'] as const) {
        for (let call = 2; call <= 8; call++) {
          const world = await openWorld({ playbooks: [holding], disk: createDisk(kind) });
          const run = await world.alarm();
          await world.finish();
          const [row] = await world.inForce();
          await world.engine.pause('ann', 'a drill');
          await world.crash({ call, when });
          const { engine } = world;
          const key = row?.key ?? expect.fail('nothing is in force');
          const undoing =
            undo === 'undoRun' ? engine.undoRun(run, 'ann', 'a mistake') : engine.undoResponse(key, 'ann', 'a mistake');
          await Promise.race([undoing, world.power.off]);
          await world.crash();
          await world.finish();
          // Before the first call of the undo nobody has heard of it.
          const isHeard = call > 2 || when === 'after';
          expect(world.board.standing, `${when} call ${call}`).toEqual(isHeard ? [] : ['lab.list h1']);
          expect(await world.inForce()).toHaveLength(isHeard ? 0 : 1);
          if (isHeard) expect(await world.engine.undoRun(run, 'ann', 'again')).toEqual({ undone: 0, left: 0 });
        }
      }
    },
  );
});
