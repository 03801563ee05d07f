import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const playbook = install(
  playbookText(`
respond:
  - id: all
    for_each: '["h1", "h2"]'
    as: host
    max: 5
    steps:
      - { id: list, do: lab.list, with: { host: "{{host}}" } }
`),
);

describe.each(DISKS)('E3 on %s', kind => {
  test('every attempt of a command carries the same key, and each command its own (E3)', async () => {
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    world.board.script(
      'lab.list',
      { kind: 'retry', reason: 'unavailable', detail: '503' },
      { kind: 'retry', reason: 'unavailable', detail: '503' },
      'effect',
    );
    const run = await world.alarm();
    await world.finish();
    const keys = world.board.performed('lab.list').map(({ key }) => key);
    expect(keys).toEqual([...Array.from({ length: 3 }, () => `${run}/all[0].list`), `${run}/all[1].list`]);
    expect(await world.status(run)).toBe('done');
  });

  test('an attempt after a crash carries the key of the one before it (E3)', async () => {
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    const keys = world.board.performed('lab.list').map(({ key }) => key);
    expect(keys).toEqual([`${run}/all[0].list`, `${run}/all[0].list`, `${run}/all[1].list`]);
  });
});
