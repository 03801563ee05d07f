import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { expectRefolds } from '../kit/refold.ts';
import { openWorld } from '../kit/world.ts';

/* power.test.ts refolds a story with everything in it after every cut; these are the ends that it does not come to. */

const HOUR = 3_600_000;
const playbook = install(
  playbookText(
    `
enrich:
  seen: { do: lab.look, with: {} }
verdict:
  - { is: malicious, if: enrich.seen.score > 7 && now > timestamp("2026-01-01T00:00:00Z"), because: "{{enrich.seen.score}}" }
respond:
  malicious:
    - { id: never, if: enrich.seen.score > 9, do: lab.wipe, with: { host: h1 } }
    - { id: act, do: lab.list, with: { host: "{{event.host.name}}" }, approve: { who: leads, within: 1h, otherwise: deny } }
    - { id: back, undo: act }
    - { id: pause, wait: { for: 2h } }
  unknown:
    - { id: blind, do: lab.tell, with: { to: soc, subject: "missing {{join verdict.missing}}" } }
finally:
  - { id: last, do: lab.tell, with: { to: soc, subject: "{{now}}" } }
`.replace('"{{now}}"', '"{{run.status}}"'),
  ),
);

describe.each(DISKS)('E5 on %s', kind => {
  const open = () => openWorld({ playbooks: [playbook], disk: createDisk(kind) });

  test('a run that came to its end refolds to the same decisions (E5)', async () => {
    const world = await open();
    const run = await world.alarm();
    await world.idle();
    await world.engine.answer(await world.question(), 'approve', 'ann');
    await world.restart();
    await world.finish();
    expect(await world.status(run)).toBe('done');
    expect((await world.run(run)).head.state.responses).toMatchObject([{ status: 'undone' }]);
    await expectRefolds(world, run);
  });

  test.each([
    ['cancelled', false],
    ['cancelled and taken back', true],
  ])('a run that was %s refolds to the same decisions (E5)', async (_, undo) => {
    const world = await open();
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    await world.engine.answer(await world.question(), 'approve', 'ann');
    await world.idle();
    await world.engine.cancel(run, 'ann', undo);
    world.board.waitingFor('lab.list').done();
    await world.finish();
    expect(await world.status(run)).toBe('cancelled');
    expect(world.board.standing).toEqual(undo ? [] : ['lab.list h1']);
    await expectRefolds(world, run);
  });

  test('a run that is overdue, and one that knows nothing, refold to the same decisions (E5)', async () => {
    const world = await open();
    const overdue = await world.alarm();
    await world.idle();
    world.board.script('lab.look', { kind: 'failed', reason: 'unavailable', detail: '503' });
    const blind = await world.alarm();
    await world.pass(8 * 24 * HOUR);
    expect([await world.status(overdue), await world.status(blind)]).toEqual(['partial', 'done']);
    expect((await world.run(blind)).head.state.main.memory.verdict).toMatchObject({ is: 'unknown', missing: ['seen'] });
    await expectRefolds(world, overdue);
    await expectRefolds(world, blind);
  });

  test('a run ends by the playbook that it was born with, whatever has been loaded since (E5)', async () => {
    const world = await open();
    const run = await world.alarm();
    await world.idle();
    await world.engine.setPlaybooks([install(playbookText(`\nrespond: []\n`))]);
    await world.crash();
    await world.engine.answer(await world.question(), 'deny', 'ann');
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('denied');
    await expectRefolds(world, run);
  });
});
