import { describe, expect, test } from 'vitest';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { expectRefolds } from '../kit/refold.ts';
import { TestWorld, openWorld } from '../kit/world.ts';

/* Accepted is not started; what waits takes no place; a fault of ours ends one run and no other (DESIGN 6). */

const HOUR = 3_600_000;
const looking = (name: string, more = '') =>
  install(playbookText(`${more}\nenrich:\n  seen: { do: lab.look, with: { what: ${name} } }\nrespond: []\n`, name));
const SIDE_BY_SIDE = install(
  playbookText(`
respond:
  - id: all
    for_each: '[1, 2]'
    as: number
    max: 2
    at_once: 2
    steps:
      - { id: look, if: number == 1, do: lab.look, with: {} }
      - { id: pause, if: number == 2, wait: { for: 2h } }
`),
);

describe.each(DISKS)('runs on %s', kind => {
  test('that wait take no place, also when a read of theirs was answered last', async () => {
    const world = await openWorld({
      playbooks: [SIDE_BY_SIDE],
      disk: createDisk(kind),
      limits: { runs: 1, runsPerPlaybook: 1 },
    });
    world.board.hold('lab.look');
    await world.alarm();
    await world.idle();
    world.board.waitingFor('lab.look').done({ score: 1 });
    await world.idle();
    expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
    // And what was answered is on disk: after a crash it is not asked again.
    await world.crash();
    await world.idle();
    expect(world.board.performed('lab.look')).toHaveLength(1);
    await world.finish();
  });

  test('beyond the limit wait on disk, are counted, and go on after a crash', async () => {
    const world = await openWorld({
      playbooks: [looking('one')],
      disk: createDisk(kind),
      limits: { runs: 2, runsPerPlaybook: 2 },
    });
    world.board.hold('lab.look');
    const runs = [await world.alarm(), await world.alarm(), await world.alarm(), await world.alarm()];
    await world.idle();
    expect(world.engine.load).toEqual({ busy: 2, waiting: 2 });
    world.board.manner('lab.look', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(await Promise.all(runs.map(run => world.status(run)))).toEqual(['done', 'done', 'done', 'done']);
    expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
  });

  test('with one lock go one after another, in the order of acceptance, also after a crash', async () => {
    const lock = '\nlock: "host:{{event.host.name}}"';
    const world = await openWorld({ playbooks: [looking('one', lock), looking('two', lock)], disk: createDisk(kind) });
    world.board.hold('lab.look');
    await world.alarms();
    await world.alarms();
    await world.alarms({ host: { name: 'h2' } });
    await world.idle();
    expect(world.board.waiting).toHaveLength(2);
    await world.crash();
    await world.idle();
    world.board.seen.length = 0;
    world.board.manner('lab.look', (seen, board) => board.effect(seen));
    for (const waiting of [...world.board.waiting]) waiting.done({ score: 1 });
    await world.finish();
    expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
    expect((await world.store.query.counts()).runs).toEqual({ done: 6 });
  });

  test('that are cancelled before their turn never begin, and give their lock to nobody', async () => {
    const world = await openWorld({
      playbooks: [looking('one')],
      disk: createDisk(kind),
      limits: { runs: 1, runsPerPlaybook: 1 },
    });
    world.board.hold('lab.look');
    await world.alarm();
    const second = await world.alarm();
    await world.idle();
    await world.engine.cancel(second, 'ann', false);
    await world.idle();
    expect(await world.status(second)).toBe('cancelled');
    expect(await world.engine.cancel(second, 'ann', false)).toBe('ended');
    world.board.waitingFor('lab.look').done({ score: 1 });
    await world.finish();
    expect(world.board.performed('lab.look')).toHaveLength(1);
  });
});

test('a run by hand takes its turn at a lock after those that came before it', async () => {
  const step = `respond:\n  - { id: look, do: lab.look, with: {} }\n`;
  const byEvent = install(playbookText(`\nlock: "fixed:x"\n${step}`, 'event'));
  const byHand = install(playbookText(`\ntrigger: [{ manual: true }]\nlock: "fixed:x"\n${step}`, 'hand'));
  const world = await openWorld({ playbooks: [byEvent, byHand] });
  world.board.hold('lab.look');
  await world.alarm();
  const second = await world.alarm();
  await world.engine.wake('hand', {}, 'ann');
  await world.idle();
  world.board.waitingFor('lab.look').done({ score: 1 });
  await world.idle();
  expect(world.board.waiting.map(({ key }) => key)).toEqual([`${second}/look`]);
});

test('a fault of ours ends its run as failed, on record, and no other', async () => {
  const world = new TestWorld({ playbooks: [looking('one')] });
  await world.start();
  world.board.manner('lab.look', (seen, board) => {
    if (seen.key.startsWith('run-1/')) throw new TypeError('x is not a function');
    return board.effect(seen);
  });
  const first = await world.alarm();
  const second = await world.alarm();
  await world.finish();
  expect([await world.status(first), await world.status(second)]).toEqual(['failed', 'done']);
  expect(await world.journal(first)).toContainEqual(
    expect.objectContaining({ kind: 'bug', message: 'x is not a function' }),
  );
  expect(world.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  await expectRefolds(world, second);
  await world.close();
});

test('a run that has left memory while it is taken back goes on as one, not as two', async () => {
  const holding = install(
    playbookText(`
respond:
  - { id: act, do: lab.list, with: { host: "{{event.host.name}}" }, hold: { for: 1h } }
  - { id: more, do: lab.mark, with: { host: "{{event.host.name}}" }, hold: { until: [{ event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" } }] } }
`),
  );
  const world = await openWorld({ playbooks: [holding], limits: { runs: 1_000, runsPerPlaybook: 1_000 } });
  world.board.script('lab.unlist', { kind: 'retry', reason: 'unavailable', detail: '503', after: 100_000 }, 'effect');
  const run = await world.alarm({ alarm: { id: 'first' } });
  await world.pass(10_000);
  for (let index = 0; index < 300; index++) await world.alarm({ host: { name: `h1-${index}` } });
  // Its undo sleeps while the holds of all others end, and while an event ends its other hold.
  await world.pass(HOUR + 20_000);
  await world.cleared('first');
  await world.pass(HOUR);
  expect((await world.store.query.responses({ run, limit: 10 })).map(({ state }) => state)).toEqual([
    'undone',
    'undone',
  ]);
  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
});

describe.each(DISKS)('a turn that the store rejects as wrong, on %s', kind => {
  const acting = install(
    playbookText(`\nrespond:\n  - { id: act, do: lab.list, with: { host: "{{event.host.name}}" } }\n`),
  );

  test('ends its run as failed, on record, and holds up nobody who wants the same target', async () => {
    const world = new TestWorld({ playbooks: [acting], disk: createDisk(kind) });
    await world.start();
    const { commit } = world.store;
    let isWrong = true;
    world.store.commit = async turns => {
      const isIntent = turns.some(({ run, intents }) => run === 'run-1' && intents.length > 0);
      if (isIntent && isWrong) {
        isWrong = false;
        throw new Error('a wrong number');
      }
      return commit(turns);
    };
    const first = await world.alarm();
    const second = await world.alarm();
    await world.finish();
    expect([await world.status(first), await world.status(second)]).toEqual(['failed', 'done']);
    expect(await world.journal(first)).toContainEqual(
      expect.objectContaining({ kind: 'bug', message: 'a wrong number' }),
    );
    expect(world.board.performed('lab.list').map(({ key }) => key)).toEqual([`${second}/act`]);
    expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
    await world.close();
  });

  test('again and again leaves its run as it is on disk until the next start, and the others go on', async () => {
    const world = new TestWorld({
      playbooks: [acting],
      disk: createDisk(kind),
      limits: { runs: 1, runsPerPlaybook: 1 },
    });
    await world.start();
    const { commit } = world.store;
    world.store.commit = async turns => {
      if (turns.some(({ run }) => run === 'run-1')) throw new Error('a wrong number');
      return commit(turns);
    };
    const first = await world.alarm();
    const second = await world.alarm();
    await world.pass(HOUR);
    expect(await world.status(second)).toBe('done');
    expect(world.engine.load).toEqual({ busy: 0, waiting: 0 });
    expect(world.logged.filter(({ level }) => level === 'error').length).toBeLessThan(10);
    world.store.commit = commit;
    await world.crash();
    await world.finish();
    expect(await world.status(first)).toBe('done');
    await world.close();
  });

  test('while a write is under way: it is looked up like after a crash', async () => {
    const world = new TestWorld({ playbooks: [acting], disk: createDisk(kind) });
    await world.start();
    world.board.hold('lab.list');
    const run = await world.alarm();
    await world.idle();
    const { commit } = world.store;
    let isWrong = true;
    world.store.commit = async turns => {
      if (isWrong) {
        isWrong = false;
        throw new Error('a wrong number');
      }
      return commit(turns);
    };
    world.board.waitingFor('lab.list').done();
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.finish();
    expect(await world.status(run)).toBe('failed');
    expect(world.board.changes).toEqual(['lab.list h1']);
    expect(await world.inForce()).toMatchObject([{ run, state: 'in-force' }]);
    await world.close();
  });
});

test.each(DISKS)('what is suppressed while a run waits for its turn is counted once, on %s', async kind => {
  const once = 'once: { per: "{{event.host.name}}", within: 1h }';
  const counting = install(
    playbookText(
      `${once}\nenrich:\n  seen: { do: lab.look, with: {} }\nrespond:\n  - { id: told, do: lab.tell, with: { to: soc, subject: "{{run.suppressed}} more" } }\n`,
    ),
  );
  const world = await openWorld({
    playbooks: [counting],
    disk: createDisk(kind),
    limits: { runs: 1, runsPerPlaybook: 1 },
  });
  world.board.hold('lab.look');
  await world.alarm({ host: { name: 'h1' } });
  await world.alarm({ host: { name: 'h2' } });
  expect(await world.alarms({ host: { name: 'h2' } })).toEqual([]);
  expect(world.engine.load).toEqual({ busy: 1, waiting: 1 });
  world.board.waitingFor('lab.look').done({ score: 1 });
  world.board.manner('lab.look', (seen, board) => board.effect(seen));
  await world.finish();
  expect(world.board.performed('lab.tell').map(({ input }) => input)).toMatchObject([
    { subject: '0 more' },
    { subject: '1 more' },
  ]);
});

test('a fault over one event of a batch holds up none of the others', async () => {
  const world = new TestWorld({ playbooks: [looking('one')] });
  await world.start();
  const { accept } = world.store;
  world.store.accept = async batch => {
    const [first, ...others] = await accept(batch);
    if (first?.kind !== 'accepted') throw new Error('the first event was not accepted');
    const births = first.births.map(birth => ({ ...birth, version: 'lost' as typeof birth.version }));
    return [{ ...first, births }, ...others];
  };
  const draft = (id: string) => ({
    id,
    type: 'lab.alarm',
    time: '2026-03-01T09:00:00Z',
    alarm: { id },
    host: { name: id },
  });
  const received = await world.engine.accept('lab', [draft('a'), draft('b')]);
  expect(received.map(each => each.kind)).toEqual(['accepted', 'accepted']);
  await world.idle();
  expect((await world.store.query.counts()).runs).toEqual({ queued: 1, done: 1 });
  expect(world.logged.map(({ level, sentence }) => [level, sentence])).toContainEqual([
    'error',
    'a bug that no run can be blamed for',
  ]);
  await world.close();
});
