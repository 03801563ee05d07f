import { describe, expect, test } from 'vitest';
import { StoreTrouble } from '../../src/engine/ports.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const acting = install(
  playbookText(`\nrespond:\n  - { id: act, do: lab.list, with: { host: "{{event.host.name}}" } }\n`),
);
const once = install(playbookText(`\nonce: { per: "{{event.host.name}}", within: 1h }\nrespond: []\n`));
const ALARM = { id: 'a1', type: 'lab.alarm', alarm: { id: 'a1' }, host: { name: 'h1' } };

describe.each(DISKS)('E1 on %s', kind => {
  test('an event that was accepted wakes its run also when the power goes at once (E1)', async () => {
    const world = await openWorld({ playbooks: [acting], disk: createDisk(kind) });
    const [received] = await world.send(ALARM);
    await world.crash();
    await world.finish();
    expect(received).toMatchObject({ kind: 'accepted', seq: 1 });
    expect(world.board.changes).toEqual(['lab.list h1']);
  });

  test('an event that was on disk and not answered is a duplicate when it is sent again, and its run goes on (E1)', async () => {
    const world = await openWorld({ playbooks: [acting], disk: createDisk(kind), cut: { call: 2, when: 'after' } });
    await Promise.race([world.send(ALARM), world.power.off]);
    await world.crash();
    expect(await world.send(ALARM)).toMatchObject([{ kind: 'duplicate' }]);
    await world.finish();
    expect(world.board.changes).toEqual(['lab.list h1']);
  });

  test('whom an event could not wake is one dead letter, however often it comes (E1)', async () => {
    const locked = install(playbookText(`\nlock: "user:{{event.user.name}}"\nrespond: []\n`));
    const world = await openWorld({ playbooks: [locked], disk: createDisk(kind) });
    const draft = { ...ALARM, time: '2026-03-01T09:00:00Z' };
    await world.engine.accept('lab', [draft, draft]);
    await world.engine.accept('lab', [draft]);
    expect(await world.store.query.rejected(9)).toMatchObject([{ reason: expect.stringContaining('its lock') }]);
  });

  test('a source is not answered where the store takes nothing, and nothing of it is kept (E1)', async () => {
    const world = await openWorld({ playbooks: [acting], disk: createDisk(kind) });
    const { accept } = world.store;
    world.store.accept = () => Promise.reject(new StoreTrouble('the disk is full'));
    await expect(world.send(ALARM)).rejects.toThrow('the disk is full');
    world.store.accept = accept;
    expect(await world.send(ALARM)).toMatchObject([{ kind: 'accepted', seq: 1 }]);
  });

  test('a poll moves its cursor in the commit of its events (E1)', async () => {
    const world = await openWorld({ playbooks: [acting], disk: createDisk(kind), cut: { call: 2, when: 'before' } });
    const draft = { ...ALARM, time: '2026-03-01T09:00:00Z' };
    const cursor = { source: 'lab', value: 7 };
    await Promise.race([world.engine.accept('lab', [draft], { cursor }), world.power.off]);
    await world.crash();
    expect([await world.store.query.lastEventSeq(), await world.store.query.cursor('lab')]).toEqual([0, undefined]);
    await world.engine.accept('lab', [draft], { cursor });
    expect([await world.store.query.lastEventSeq(), await world.store.query.cursor('lab')]).toEqual([1, 7]);
  });

  test('what is no event is a dead letter with its reason, beside those that are (E1)', async () => {
    const world = await openWorld({ playbooks: [acting], disk: createDisk(kind) });
    const good = { ...ALARM, time: '2026-03-01T09:00:00Z' };
    const received = await world.engine.accept('lab', [{ type: 'lab.nothing' }, good, 'text']);
    expect(received.map(each => each.kind)).toEqual(['rejected', 'accepted', 'rejected']);
    expect(await world.store.query.rejected(10)).toHaveLength(2);
  });

  test('once holds back what comes again, counts it, and lets it through after a failure (E1)', async () => {
    const world = await openWorld({ playbooks: [once], disk: createDisk(kind) });
    const first = await world.alarm();
    await world.finish();
    expect(await world.alarms()).toEqual([]);
    expect((await world.run(first)).suppressed).toBe(1);
    await world.crash();
    expect(await world.alarms()).toEqual([]);
    await world.pass(3_600_000);
    expect(await world.alarms()).toHaveLength(1);
  });
});
