import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const HOST = 'with: { host: "{{event.host.name}}" }';
const playbook = install(
  playbookText(`
enrich:
  seen: { do: lab.look, with: {} }
respond:
  - { id: list, do: lab.list, ${HOST} }
  - { id: press, do: lab.press, ${HOST} }
  - { id: wipe, do: lab.wipe, ${HOST} }
  - { id: tell, do: lab.tell, with: { to: soc, subject: hello } }
finally:
  - { id: last, do: lab.tell, with: { to: soc, subject: over } }
`),
);
const WRITES = ['lab.list', 'lab.press', 'lab.wipe', 'lab.tell'];

test('no write and no message leaves before its intent is in the file, as another connection reads it (E2)', async () => {
  const disk = createDisk('sqlite');
  const world = await openWorld({ playbooks: [playbook], disk });
  const file = new DatabaseSync(join(disk.directory ?? '', 'backline.db'), { readOnly: true });
  const intended: string[] = [];
  for (const action of WRITES) {
    world.board.manner(action, (seen, board) => {
      const rows = file.prepare('SELECT body FROM record WHERE body LIKE \'%"intended"%\'').all();
      expect(rows.filter(({ body }) => String(body).includes(`"key":"${seen.key}"`))).toHaveLength(1);
      intended.push(seen.action);
      return board.effect(seen);
    });
  }
  const run = await world.alarm();
  await world.finish();
  file.close();
  expect(intended).toEqual([...WRITES, 'lab.tell']);
  expect(await world.status(run)).toBe('done');
});

describe.each(DISKS)('E2 on %s', kind => {
  test('nothing leaves where its intent does not reach the disk (E2)', async () => {
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    const { commit } = world.store;
    const held: (() => void)[] = [];
    world.store.commit = async turns => {
      if (turns.some(({ intents }) => intents.length > 0)) await new Promise<void>(resolve => held.push(resolve));
      return commit(turns);
    };
    await world.alarm();
    for (let turn = 0; turn < 100; turn++) await new Promise(resolve => setImmediate(resolve));
    expect(world.board.seen.map(({ action, kind: what }) => `${what} ${action}`)).toEqual([
      'perform lab.look',
      'verify lab.list',
    ]);
    world.store.commit = commit;
    for (const letGo of held) letGo();
    await world.idle();
    expect(world.board.changes).toContain('lab.list h1');
  });

  test('reads leave no intent, and may be made again (E2)', async () => {
    const world = await openWorld({ playbooks: [playbook], disk: createDisk(kind) });
    world.board.hold('lab.look');
    const run = await world.alarm();
    await world.idle();
    await world.crash();
    world.board.waitingFor('lab.look');
    await world.idle();
    world.board.manner('lab.look', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(world.board.performed('lab.look').length).toBe(3);
    const intents = (await world.journal(run)).flatMap(body => (body.kind === 'intended' ? [body.intent.action] : []));
    expect(intents).toEqual([...WRITES, 'lab.tell']);
  });
});
