import { describe, expect, test } from 'vitest';
import type { Performed } from '../../src/engine/performer.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const HOUR = 3_600_000;
const BUSY: Performed = { kind: 'retry', reason: 'unavailable', detail: '503' };
const LOST: Performed = { kind: 'retry', reason: 'timeout', detail: 'silence', inDoubt: true };

const UNTIL = 'until: [{ event: lab.cleared, match: { alarm.id: "{{event.alarm.id}}" } }]';
const holding = (hold: string, action = 'list', name = 'test') =>
  install(
    playbookText(
      `\nrespond:\n  - { id: act, do: lab.${action}, with: { host: "{{event.host.name}}" }${hold && `, hold: { ${hold} }`} }\n`,
      name,
    ),
  );

describe.each(DISKS)('E9 on %s', kind => {
  test('a response stands in the ledger with its undo from the moment it is known (E9)', async () => {
    const world = await openWorld({ playbooks: [holding('')], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    expect(await world.inForce()).toMatchObject([
      {
        run,
        action: 'lab.list',
        state: 'in-force',
        before: { stands: false },
        undo: { action: 'lab.unlist', input: { host: 'h1' } },
      },
    ]);
    expect(await world.engine.undoRun(run, 'ann', 'a drill')).toEqual({ undone: 1, left: 0 });
    expect(await world.inForce()).toEqual([]);
    expect(world.board.standing).toEqual([]);
  });

  test('what was so before us is not ours: not listed, and never undone by us (E9)', async () => {
    const world = await openWorld({ playbooks: [holding('for: 1h')], disk: createDisk(kind) });
    world.board.put('lab.list', 'h1');
    const run = await world.alarm();
    await world.pass(2 * HOUR);
    expect((await world.run(run)).head.state.main.memory.outcomes['act']).toMatchObject({
      status: 'done',
      already: true,
    });
    expect(world.board.performed('lab.list')).toEqual([]);
    expect(await world.engine.undoRun(run, 'ann', 'a drill')).toEqual({ undone: 0, left: 0 });
    expect(world.board.standing).toEqual(['lab.list h1']);
  });

  test('what a retry of ours finds in place is ours, also across a crash (E9)', async () => {
    const world = await openWorld({ playbooks: [holding('')], disk: createDisk(kind) });
    world.board.manner('lab.list', (seen, board) => {
      board.effect(seen);
      return undefined;
    });
    const run = await world.alarm();
    await world.idle();
    // The product says that it had it already: it was us.
    world.board.script('lab.list', { kind: 'done', output: {}, already: true });
    await world.crash();
    await world.finish();
    expect((await world.run(run)).head.state.main.memory.outcomes['act']?.already).toBeUndefined();
    expect(await world.inForce()).toMatchObject([{ run, state: 'in-force' }]);
  });

  test('where the state cannot be read the word of the product counts, but not after a lost answer (E9)', async () => {
    const world = await openWorld({ playbooks: [holding('', 'mark')], disk: createDisk(kind) });
    world.board.script('lab.mark', { kind: 'done', output: {}, already: true });
    await world.alarm({ host: { name: 'theirs' } });
    await world.finish();
    world.board.script('lab.mark', LOST, { kind: 'done', output: {}, already: true });
    await world.alarm({ host: { name: 'ours' } });
    await world.finish();
    expect((await world.inForce()).map(({ targets }) => targets[0]?.value)).toEqual(['ours']);
  });

  test('is taken back once, when the last of several runs lets go (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL)], disk: createDisk(kind) });
    await world.alarm({ alarm: { id: 'x' } });
    await world.finish();
    const second = await world.alarm({ alarm: { id: 'y' } });
    await world.finish();
    expect(await world.outcome(second, 'act')).toBe('done');
    expect(world.board.performed('lab.list')).toHaveLength(1);
    await world.cleared('x');
    await world.idle();
    await world.crash();
    expect(world.board.standing).toEqual(['lab.list h1']);
    await world.cleared('y');
    await world.idle();
    expect(world.board.changes).toEqual(['lab.list h1', 'lab.unlist h1']);
    expect(await world.inForce()).toEqual([]);
  });

  test('undo of a run goes newest first (E9)', async () => {
    const both = install(
      playbookText(`
respond:
  - { id: one, do: lab.list, with: { host: h1 } }
  - { id: pause, wait: { for: 1s } }
  - { id: two, do: lab.mark, with: { host: h2 } }
  - { id: three, do: lab.list, with: { host: h3 } }
`),
    );
    const world = await openWorld({ playbooks: [both], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    world.board.changes.length = 0;
    await world.engine.undoRun(run, 'ann', 'a drill');
    expect(world.board.changes).toEqual(['lab.unlist h3', 'lab.unmark h2', 'lab.unlist h1']);
  });

  test('another content on the same target is a conflict, and changes nothing (E9)', async () => {
    const levels = install(
      playbookText(`\nrespond:\n  - { id: act, do: lab.list, with: { host: h1, level: 2 } }\n`, 'levels'),
    );
    const world = await openWorld({ playbooks: [holding(''), levels], disk: createDisk(kind) });
    const [first, second] = await world.alarms();
    await world.finish();
    expect(
      [first && (await world.outcome(first, 'act')), second && (await world.outcome(second, 'act'))].toSorted(),
    ).toEqual(['done', 'failed: conflict']);
    expect(world.board.performed('lab.list')).toHaveLength(1);
  });

  test('an undo that fails is tried again with patience, listed meanwhile, and a person is told (E9)', async () => {
    const world = await openWorld({ playbooks: [holding('for: 1h')], disk: createDisk(kind) });
    world.board.script('lab.unlist', { kind: 'failed', reason: 'auth', detail: '401' });
    await world.alarm();
    await world.pass(HOUR + 60_000);
    expect(await world.inForce()).toMatchObject([{ state: 'undoing' }]);
    expect(world.informed).toMatchObject([{ to: 'owner@example.org', subject: 'Not taken back: lab.list' }]);
    await world.crash();
    world.board.manner('lab.unlist', (seen, board) => board.effect(seen));
    await world.pass(HOUR);
    expect(await world.inForce()).toEqual([]);
    expect(world.board.standing).toEqual([]);
  });

  test('a run that wants what is just being taken back in vain adopts it, and holds it alone (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL)], disk: createDisk(kind) });
    world.board.script('lab.unlist', { kind: 'failed', reason: 'auth', detail: '401' });
    await world.alarm({ alarm: { id: 'x' } });
    await world.finish();
    await world.cleared('x');
    await world.idle();
    const second = await world.alarm({ alarm: { id: 'y' } });
    await world.idle();
    expect(await world.outcome(second, 'act')).toBe('done');
    expect(await world.inForce()).toMatchObject([{ state: 'in-force' }]);
    world.board.manner('lab.unlist', (seen, board) => board.effect(seen));
    await world.crash();
    await world.pass(HOUR);
    expect(await world.inForce()).toMatchObject([{ state: 'in-force' }]);
    expect(world.board.standing).toEqual(['lab.list h1']);
    await world.cleared('y');
    await world.idle();
    expect(await world.inForce()).toEqual([]);
    expect(world.board.standing).toEqual([]);
  });

  test('a hold that ends during a pause waits for its end; a person passes the pause (E9)', async () => {
    const world = await openWorld({ playbooks: [holding('for: 1h')], disk: createDisk(kind) });
    const first = await world.alarm({ host: { name: 'h1' } });
    await world.alarm({ host: { name: 'h2' } });
    await world.idle();
    await world.engine.pause('ann', 'maintenance');
    await world.pass(2 * HOUR);
    expect(world.board.standing).toEqual(['lab.list h1', 'lab.list h2']);
    expect(await world.inForce()).toHaveLength(2);
    const [row] = await world.inForce({ run: first });
    expect(row && (await world.engine.undoResponse(row.key, 'bob', 'let it back'))).toBe('undone');
    await world.crash();
    await world.idle();
    expect(world.board.standing).toEqual(['lab.list h2']);
    await world.engine.resume('ann');
    await world.idle();
    expect(world.board.standing).toEqual([]);
  });

  test('what is not so any more is not taken back, and says so (E9)', async () => {
    const world = await openWorld({ playbooks: [holding('for: 1h')], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.idle();
    world.board.lift('lab.list', 'h1');
    await world.pass(HOUR);
    expect(world.board.performed('lab.unlist')).toEqual([]);
    expect((await world.store.query.responses({ run, limit: 1 }))[0]).toMatchObject({ state: 'gone' });
  });

  test('an event that ends a hold is heard also when it is accepted while the response begins (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL)], disk: createDisk(kind) });
    // It is decided who waits for the event before the response is there, and it is accepted after.
    const { accept } = world.store;
    let begins: (() => Promise<void>) | undefined;
    world.store.accept = async batch => {
      await begins?.();
      return accept(batch);
    };
    world.board.hold('lab.list');
    await world.alarm({ alarm: { id: 'x' } });
    await world.idle();
    begins = async () => {
      begins = undefined;
      world.board.waitingFor('lab.list').done();
      for (let turn = 0; turn < 50; turn++) await new Promise(resolve => setImmediate(resolve));
    };
    await world.cleared('x');
    await world.idle();
    expect(world.board.standing).toEqual([]);
  });

  test('the if of a hold knows the round that it began in, also when the loop has ended (E9)', async () => {
    const rounds = install(
      playbookText(`
respond:
  - id: all
    for_each: '["h1", "h2"]'
    as: host
    max: 5
    steps:
      - { id: act, do: lab.list, with: { host: "{{host}}" }, hold: { until: [{ event: lab.cleared, if: arrived.alarm.id == host }] } }
`),
    );
    const world = await openWorld({ playbooks: [rounds], disk: createDisk(kind) });
    await world.alarm();
    await world.finish();
    await world.crash();
    await world.cleared('h2');
    await world.idle();
    expect(world.board.standing).toEqual(['lab.list h1']);
  });

  test('when a hold ends by time and what it waited for has not come, the owner is told (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(`for: 1h, ${UNTIL}`)], disk: createDisk(kind) });
    await world.alarm();
    await world.pass(HOUR);
    expect(world.board.standing).toEqual([]);
    expect(world.informed).toMatchObject([{ to: 'owner@example.org', subject: 'Hold ended by time: lab.list' }]);
  });

  test('undo of a step takes back what its rounds have done (E9)', async () => {
    const rounds = install(
      playbookText(`
respond:
  - id: all
    for_each: '["h1", "h2"]'
    as: host
    max: 5
    steps: [{ id: act, do: lab.list, with: { host: "{{host}}" } }]
  - { id: other, do: lab.mark, with: { host: h3 } }
  - { id: back, undo: act }
`),
    );
    const world = await openWorld({ playbooks: [rounds], disk: createDisk(kind) });
    const run = await world.alarm();
    await world.finish();
    expect(world.board.standing).toEqual(['lab.mark h3']);
    expect((await world.run(run)).head.state.responses.map(({ status }) => status)).toEqual([
      'undone',
      'undone',
      'in force',
    ]);
  });

  test('writes on one target never overlap, whatever typed targets the action has (E9)', async () => {
    const world = await openWorld({
      playbooks: [holding('', 'list', 'one'), holding('', 'mark', 'two')],
      disk: createDisk(kind),
    });
    world.board.hold('lab.list');
    world.board.hold('lab.mark');
    await world.alarms();
    await world.idle();
    expect(world.board.waiting).toHaveLength(1);
    world.board.waiting[0]?.done();
    await world.idle();
    expect(world.board.waiting).toHaveLength(1);
    world.board.waiting[0]?.answer(BUSY);
    await world.pass(1_000);
    world.board.manner('lab.mark', (seen, board) => board.effect(seen));
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.finish();
    expect(world.board.standing).toEqual(['lab.list h1', 'lab.mark h1']);
  });

  test('two runs that want the same of an action without targets share it, also at once (E9)', async () => {
    const setting = install(
      playbookText(`\nrespond:\n  - { id: act, do: lab.set, with: { name: flag }, hold: { for: 1h } }\n`),
    );
    const world = await openWorld({ playbooks: [setting], disk: createDisk(kind) });
    world.board.hold('lab.set');
    const runs = [await world.alarm(), await world.alarm()];
    await world.idle();
    world.board.waitingFor('lab.set').done();
    await world.idle();
    expect(await Promise.all(runs.map(run => world.outcome(run, 'act')))).toEqual(['done', 'done']);
    expect(await world.store.query.holds()).toHaveLength(2);
    await world.pass(HOUR);
    expect(world.board.changes).toEqual(['lab.set flag', 'lab.unset flag']);
  });

  test('a hold ends with what it held: it does not pass to what another run puts there later (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL)], disk: createDisk(kind) });
    const first = await world.alarm({ alarm: { id: 'x' } });
    await world.finish();
    world.board.lift('lab.list', 'h1');
    const second = await world.alarm({ alarm: { id: 'y' } });
    await world.finish();
    expect((await world.store.query.holds()).map(({ run }) => run)).toEqual([second]);
    expect((await world.journal(first)).at(-1)).toMatchObject({ kind: 'response-ended', state: 'gone' });
    await world.crash();
    await world.cleared('y');
    await world.idle();
    expect(await world.inForce()).toEqual([]);
    expect(world.board.standing).toEqual([]);
  });

  test('undo of a run leaves what another run has joined while it waited for its turn (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL)], disk: createDisk(kind) });
    const first = await world.alarm({ alarm: { id: 'x' } });
    await world.finish();
    const undoing: Promise<unknown>[] = [];
    world.board.manner('verify lab.list', () => {
      // The second run is in the lane, about to join.
      undoing.push(world.engine.undoRun(first, 'ann', 'a drill'));
      world.board.manner('verify lab.list', () => undefined);
      return undefined;
    });
    const second = await world.alarm({ alarm: { id: 'y' } });
    await world.finish();
    await Promise.all(undoing);
    expect(undoing).toHaveLength(1);
    expect(await world.outcome(second, 'act')).toBe('done');
    expect(world.board.standing).toEqual(['lab.list h1']);
    expect((await world.store.query.holds()).map(({ run }) => run)).toEqual([second]);
  });

  test.each(['product', 'ledger'] as const)(
    'joining what cannot be looked up repeats it where it may be repeated: one response, two holds, known by the %s (E9)',
    async who => {
      const world = await openWorld({ playbooks: [holding(UNTIL, 'mark')], disk: createDisk(kind) });
      const first = await world.alarm({ alarm: { id: 'x' } });
      await world.finish();
      // Somebody has taken it away by hand, or it stands and the product says so.
      if (who === 'ledger') world.board.lift('lab.mark', 'h1');
      else world.board.script('lab.mark', { kind: 'done', output: {}, already: true });
      const second = await world.alarm({ alarm: { id: 'y' } });
      await world.finish();
      expect((await world.run(second)).head.state.main.memory.outcomes['act']).not.toHaveProperty('already');
      expect(await world.outcome(second, 'act')).toBe('done');
      expect(world.board.performed('lab.mark')).toHaveLength(2);
      expect(world.board.standing).toEqual(['lab.mark h1']);
      expect(await world.inForce()).toMatchObject([{ run: first, state: 'in-force' }]);
      await world.cleared('x');
      await world.idle();
      expect(world.board.standing).toEqual(['lab.mark h1']);
      await world.cleared('y');
      await world.idle();
      expect(world.board.standing).toEqual([]);
      expect(await world.inForce()).toEqual([]);
    },
  );

  test('a repetition on joining that fails leaves the response to those that hold it (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL, 'mark')], disk: createDisk(kind) });
    const first = await world.alarm({ alarm: { id: 'x' } });
    await world.finish();
    world.board.script('lab.mark', { kind: 'failed', reason: 'rejected', detail: '409' });
    const second = await world.alarm({ alarm: { id: 'y' } });
    await world.finish();
    expect(await world.outcome(second, 'act')).toBe('failed: rejected');
    expect((await world.store.query.holds()).map(({ run }) => run)).toEqual([first]);
    expect(await world.inForce()).toMatchObject([{ run: first, state: 'in-force' }]);
  });

  test('a repetition on joining goes on after a crash (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL, 'mark')], disk: createDisk(kind) });
    await world.alarm({ alarm: { id: 'x' } });
    await world.finish();
    world.board.hold('lab.mark');
    const second = await world.alarm({ alarm: { id: 'y' } });
    await world.idle();
    expect(world.board.performed('lab.mark')).toHaveLength(2);
    world.board.manner('lab.mark', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(await world.outcome(second, 'act')).toBe('done');
    expect((await world.store.query.holds()).map(({ run }) => run)).toContain(second);
    expect(await world.inForce()).toHaveLength(1);
  });

  test('joining what may be neither looked up nor repeated only holds it (E9)', async () => {
    const world = await openWorld({ playbooks: [holding(UNTIL, 'press')], disk: createDisk(kind) });
    await world.alarm({ alarm: { id: 'x' } });
    await world.alarm({ alarm: { id: 'y' } });
    await world.finish();
    expect(world.board.performed('lab.press')).toHaveLength(1);
    expect(await world.store.query.holds()).toHaveLength(2);
  });
});
