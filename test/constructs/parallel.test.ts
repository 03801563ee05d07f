import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/* Branches side by side, as a run lives them (LANGUAGE 6). */

const TWO = install(
  playbookText(`
respond:
  - id: both
    parallel:
      slow:
        - { id: listed, do: lab.list, with: { host: h1 } }
        - { id: listed_too, do: lab.list, with: { host: h2 } }
      patient:
        - { id: pause, wait: { for: 10m } }
        - { id: marked, do: lab.mark, with: { host: h3 } }
  - { id: next, do: lab.mark, with: { host: h4 } }
finally:
  - { id: story, do: lab.tell, with: { to: soc, subject: "{{outcome.both.status}} {{outcome.marked.status}}" } }
`),
);

describe.each(DISKS)('branches side by side on %s', kind => {
  test('none waits for another, and what comes next waits for all', async () => {
    const world = await openWorld({ playbooks: [TWO], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.list h2']);
    await world.finish();
    expect(world.board.changes.slice(2)).toEqual(['lab.mark h3', 'lab.mark h4', 'lab.tell done done']);
    expect(await world.status(run)).toBe('done');
  });

  test('one that fails stops no other; then the step is failed, and the run ends', async () => {
    const world = await openWorld({ playbooks: [TWO], disk: createDisk(kind) });
    world.board.script('lab.list', { kind: 'failed', reason: 'rejected', detail: 'no' });
    const run = await world.alarm();
    await world.finish();
    expect(world.board.changes).toEqual(['lab.mark h3', 'lab.tell failed done']);
    expect(await world.outcome(run, 'both')).toBe('failed: rejected');
    expect((await world.run(run)).head.state.main.memory.outcomes['both']?.detail).toBe('failed: slow (listed)');
    expect(await world.status(run)).toBe('failed');
  });

  test('each goes on from where it stood when the power went', async () => {
    const world = await openWorld({ playbooks: [TWO], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.crash();
    await world.idle();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    world.board.waitingFor('lab.list').done();
    await world.finish();
    expect(world.board.changes).toEqual([
      'lab.list h1',
      'lab.list h2',
      'lab.mark h3',
      'lab.mark h4',
      'lab.tell done done',
    ]);
    expect(await world.status(run)).toBe('done');
  });

  test('a cancel lets what is in flight end in one, and ends the other where it waits', async () => {
    const world = await openWorld({ playbooks: [TWO], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.cancel(run, 'ann', false);
    world.board.waitingFor('lab.list').done();
    await world.finish();
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.tell skipped skipped']);
    expect(await world.outcome(run, 'listed')).toBe('done');
    expect(await world.status(run)).toBe('cancelled');
  });
});
