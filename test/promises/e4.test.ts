import { describe, expect, test } from 'vitest';
import type { InputId } from '../../src/base/ids.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const FINALLY = `finally:\n  - { id: last, do: lab.tell, with: { to: soc, subject: over } }\n`;
const acting = install(
  playbookText(`\nrespond:\n  - { id: act, do: lab.list, with: { host: "{{event.host.name}}" } }\n${FINALLY}`),
);
const waiting = install(
  playbookText(`
respond:
  - id: news
    wait: { event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" }, within: 1h }
  - { id: act, do: lab.mark, with: { host: "{{event.host.name}}" } }
`),
);

describe.each(DISKS)('E4 on %s', kind => {
  test('an answer that comes twice counts once (E4)', async () => {
    const world = await openWorld({ playbooks: [acting], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    const waits = world.board.waitingFor('lab.list');
    waits.done();
    waits.done();
    waits.answer({ kind: 'failed', reason: 'rejected', detail: 'no' });
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
    expect((await world.journal(run)).filter(({ kind: what }) => what === 'response-began')).toHaveLength(1);
  });

  test('an answer after the end moves no machine, but settles its command and reaches the ledger (E4)', async () => {
    const looping = install(
      playbookText(`
respond:
  - id: all
    for_each: '["h1", "stop"]'
    as: host
    max: 5
    at_once: 2
    steps:
      - { id: list, do: lab.list, with: { host: "{{host}}" } }
      - { id: enough, if: host == "stop", stop: done }
${FINALLY}`),
    );
    const world = await openWorld({ playbooks: [looping], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    const [first, second] = [...world.board.waiting];
    second?.done();
    await world.idle();
    // Its last step is done; it has not ended while something of it is in flight.
    expect(world.board.changes).toContain('lab.tell over');
    expect(await world.status(run)).toBe('open');
    const before = (await world.run(run)).head.state;
    first?.done();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.crash();
    await world.idle();
    const { head } = await world.run(run);
    expect(head).toMatchObject({ status: 'done', state: before, commands: {} });
    expect((await world.journal(run)).slice(-2)).toMatchObject([
      { kind: 'late', command: 'all[0].list' },
      { kind: 'ended' },
    ]);
    expect((await world.inForce()).map(({ targets }) => targets[0]?.value).toSorted()).toEqual(['h1', 'stop']);
    // And it can be taken back like any other.
    expect(await world.engine.undoRun(run, 'ann', 'a drill')).toEqual({ undone: 2, left: 0 });
  });

  test('an answer that never comes ends with the timeout of its step, and leaves no alarm behind (E4)', async () => {
    const world = await openWorld({ playbooks: [acting], disk: createDisk(kind) });
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('failed: timeout');
    expect(world.power.alarms).toBe(0);
    expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
  });

  test('an event that comes twice, and an input that comes twice, count once (E4)', async () => {
    const world = await openWorld({ playbooks: [waiting], disk: createDisk(kind) });
    const run = await world.alarm({ alarm: { id: 'x' } });
    await world.idle();
    const cleared = { id: 'c', type: 'lab.cleared', alarm: { id: 'x' } };
    expect(await world.send(cleared)).toMatchObject([{ kind: 'accepted' }]);
    expect(await world.send(cleared)).toMatchObject([{ kind: 'duplicate' }]);
    const id = 'cancel:1' as InputId;
    const input = { id, run, at: world.clock.now(), body: { kind: 'cancel', by: 'ann', undo: false } } as const;
    expect(await world.store.deliver([input])).toEqual(['delivered']);
    expect(await world.store.deliver([input])).toEqual(['duplicate']);
    await world.finish();
    expect(world.board.changes).toEqual(['lab.mark h1']);
  });

  test('an event that a run waits for is heard also when the power goes before the run has heard it (E4)', async () => {
    const world = await openWorld({ playbooks: [waiting], disk: createDisk(kind) });
    const run = await world.alarm({ alarm: { id: 'x' } });
    await world.idle();
    const calls = world.power.calls;
    await world.crash({ call: 2, when: 'after' });
    await Promise.race([world.cleared('x'), world.power.off]);
    await world.crash();
    await world.finish();
    expect(calls).toBeGreaterThan(0);
    expect(await world.outcome(run, 'news')).toBe('done');
  });
});
