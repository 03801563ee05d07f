import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

/* Events that playbooks raise, as runs live them (LANGUAGE 6). */

const EMITTING = install(
  playbookText(
    `
respond:
  - { id: act, do: lab.list, with: { host: h1 } }
  - { id: spread, emit: local.spread, with: { level: 3, host: { name: "{{event.host.name}}" }, hosts: [h2, h3] } }
  - { id: next, do: lab.mark, with: { host: "{{steps.spread.id}}" } }
`,
    'emitting',
  ),
);
const WOKEN = install(
  playbookText(
    `
trigger: [{ event: local.spread, match: { level|gte: 3 } }]
respond: [{ id: told, do: lab.tell, with: { to: soc, subject: "{{event.host.key}} {{join event.hosts}}" } }]
`,
    'woken',
  ),
);
const PATIENT = install(
  playbookText(
    `
respond:
  - { id: news, wait: { event: local.spread, if: 'arrived.host.name == event.host.name', within: 1h } }
  - { id: told, do: lab.tell, with: { to: soc, subject: "waited: {{outcome.news.status}}" } }
`,
    'patient',
  ),
);

describe.each(DISKS)('an emitted event on %s', kind => {
  test('wakes playbooks, and ends the waits of others', async () => {
    const world = await openWorld({ playbooks: [PATIENT, EMITTING, WOKEN], disk: createDisk(kind) });
    const [first] = await world.alarms();
    await world.finish();
    expect(world.board.changes.toSorted()).toEqual([
      'lab.list h1',
      `lab.mark run-2/spread`,
      'lab.tell h1 h2, h3',
      'lab.tell waited: done',
    ]);
    expect(first).toBe('run-1');
    expect((await world.store.query.runs({ limit: 10 })).map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  });

  test('is raised once, whenever the power goes', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let call = 2; ; call++) {
        const world = await openWorld({ playbooks: [EMITTING, WOKEN], disk: createDisk(kind), cut: { call, when } });
        await Promise.race([world.alarms(), world.power.off]);
        await world.idle();
        const isCut = !world.power.isOn;
        await world.crash();
        await world.finish();
        // The alarm itself may not have been on disk.
        const born = await world.store.query.runs({ playbook: 'emitting', limit: 10 });
        expect(await world.store.query.runs({ playbook: 'woken', limit: 10 })).toHaveLength(born.length);
        expect(world.board.changes.filter(change => change.startsWith('lab.mark'))).toHaveLength(born.length);
        if (!isCut) break;
      }
    }
  });

  test('with an id that is known is dropped, and its step is done', async () => {
    const playbook = install(
      playbookText('\nrespond: [{ id: spread, emit: local.spread, with: { id: once, level: 3 } }]\n', 'same'),
    );
    const world = await openWorld({ playbooks: [playbook, WOKEN], disk: createDisk(kind) });
    const [first, second] = [await world.alarm(), await world.alarm()];
    await world.finish();
    expect([await world.outcome(first, 'spread'), await world.outcome(second, 'spread')]).toEqual(['done', 'done']);
    expect(await world.store.query.runs({ playbook: 'woken', limit: 10 })).toHaveLength(1);
  });

  test('leads to eight others at most: playbooks that wake themselves come to an end', async () => {
    const restless = install(
      playbookText(
        `
trigger: [{ event: lab.alarm }, { event: local.spread }]
respond: [{ id: spread, emit: local.spread, with: { level: 3 } }]
`,
        'restless',
      ),
    );
    const world = await openWorld({ playbooks: [restless], disk: createDisk(kind) });
    await world.alarm();
    await world.finish();
    const rows = await world.store.query.runs({ limit: 100 });
    expect(rows.map(({ status }) => status)).toEqual(['failed', ...Array.from({ length: 8 }, () => 'done')]);
    const [last] = rows;
    expect(last === undefined ? undefined : await world.outcome(last.run, 'spread')).toBe('failed: too-many');
  });

  test('is not raised by a run that is cancelled before, nor by one that only watches', async () => {
    const world = await openWorld({
      playbooks: [{ ...EMITTING, mode: 'shadow' }, WOKEN],
      disk: createDisk(kind),
    });
    const shadow = await world.alarm();
    await world.finish();
    expect((await world.run(shadow)).head.state.main.memory.outcomes['spread']).toMatchObject({ planned: true });
    expect(await world.store.query.runs({ playbook: 'woken', limit: 10 })).toEqual([]);

    const active = await openWorld({ playbooks: [EMITTING, WOKEN], disk: createDisk(kind) });
    active.board.hold('lab.list');
    const run = await active.alarm();
    await active.idle();
    await active.engine.cancel(run, 'ann', false);
    active.board.waitingFor('lab.list').done();
    await active.finish();
    expect(await active.status(run)).toBe('cancelled');
    expect(await active.store.query.runs({ playbook: 'woken', limit: 10 })).toEqual([]);
  });

  test('that does not fit its type fails its step: invalid-input', async () => {
    const playbook = install(
      playbookText(
        '\nrespond: [{ id: spread, emit: local.spread, with: { level: 3, severity: "{{event.raw.level}}" } }]\n',
      ),
    );
    const world = await openWorld({ playbooks: [playbook, WOKEN], disk: createDisk(kind) });
    const run = await world.alarm({ raw: { level: 'high' } });
    await world.finish();
    expect(await world.outcome(run, 'spread')).toBe('failed: invalid-input');
    expect(await world.store.query.rejected(10)).toEqual([]);
  });
});
