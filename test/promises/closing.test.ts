import { describe, expect, test } from 'vitest';
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
});

