import { describe, expect, test } from 'vitest';
import type { Performed } from '../../src/engine/performer.ts';
import { DISKS, createDisk } from '../kit/disk.ts';
import { install, playbookText } from '../kit/load.ts';
import { openWorld } from '../kit/world.ts';

const MINUTE = 60_000;
const LOST: Performed = { kind: 'retry', reason: 'timeout', detail: 'silence', inDoubt: true };
const BUSY: Performed = { kind: 'retry', reason: 'unavailable', detail: '503' };

const doing = (action: string, more = '') =>
  install(
    playbookText(`\nrespond:\n  - { id: act, do: lab.${action}, with: { host: "{{event.host.name}}" }${more} }\n`),
  );
const telling = install(playbookText(`\nrespond:\n  - { id: act, do: lab.tell, with: { to: soc, subject: hello } }\n`));

describe.each(DISKS)('E6 on %s', kind => {
  test('after a crash a repeatable action is tried again, and takes effect once (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('mark')], disk: createDisk(kind) });
    world.board.hold('lab.mark');
    const run = await world.alarm();
    await world.idle();
    world.board.waitingFor('lab.mark').done();
    world.board.manner('lab.mark', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(world.board.performed('lab.mark')).toHaveLength(2);
    expect(world.board.changes).toEqual(['lab.mark h1']);
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(await world.inForce()).toMatchObject([{ run, state: 'in-force' }]);
  });

  test('after a crash a verifiable action is looked up, and not repeated where it stands (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('isolate')], disk: createDisk(kind) });
    world.board.hold('lab.isolate');
    const run = await world.alarm();
    await world.idle();
    world.board.put('lab.isolate', 'h1');
    world.board.manner('lab.isolate', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(world.board.performed('lab.isolate')).toHaveLength(1);
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(await world.inForce()).toMatchObject([{ run, state: 'in-force' }]);
  });

  test('after a crash it is judged only once the attempt cannot be under way any more (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('isolate', ', timeout: 3m')], disk: createDisk(kind) });
    world.board.hold('lab.isolate');
    await world.alarm();
    await world.idle();
    world.board.manner('lab.isolate', (seen, board) => board.effect(seen));
    await world.crash();
    await world.pass(3 * MINUTE - 1);
    expect(world.board.seen.filter(({ kind: what }) => what === 'verify')).toHaveLength(1);
    expect(world.board.performed('lab.isolate')).toHaveLength(1);
    await world.pass(1);
    await world.finish();
    expect(world.board.changes).toEqual(['lab.isolate h1']);
  });

  test.each([
    ['yes', 'done', ['in-force']],
    ['no', 'failed: in-doubt', []],
    [undefined, 'unconfirmed: in-doubt', ['unconfirmed']],
  ] as const)(
    'after a crash any other action is asked about, and %s is believed (E6)',
    async (answer, outcome, inForce) => {
      const world = await openWorld({ playbooks: [doing('press')], disk: createDisk(kind) });
      world.board.hold('lab.press');
      const run = await world.alarm();
      await world.idle();
      world.board.manner('lab.press', (seen, board) => board.effect(seen));
      await world.crash();
      await world.idle();
      const question = await world.question();
      expect((await world.store.query.question(question))?.question).toMatchObject({
        who: ['owner@example.org'],
        command: 'act',
      });
      if (answer !== undefined) expect(await world.engine.answer(question, answer, 'ann')).toBe('answered');
      await world.finish();
      expect(await world.outcome(run, 'act')).toBe(outcome);
      expect((await world.inForce()).map(({ state }) => state)).toEqual(inForce);
      expect(world.board.performed('lab.press')).toHaveLength(1);
    },
  );

  test('after a crash a message is not sent twice: it is unconfirmed, and nobody is asked (E6)', async () => {
    const world = await openWorld({ playbooks: [telling], disk: createDisk(kind) });
    world.board.hold('lab.tell');
    const run = await world.alarm();
    await world.idle();
    await world.crash();
    await world.finish();
    expect(world.board.performed('lab.tell')).toHaveLength(1);
    expect(await world.outcome(run, 'act')).toBe('unconfirmed: in-doubt');
    expect(await world.status(run)).toBe('partial');
  });

  test('a write that timed out is in doubt, not failed (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('isolate')], disk: createDisk(kind) });
    world.board.hold('lab.isolate');
    const run = await world.alarm();
    await world.idle();
    world.board.put('lab.isolate', 'h1');
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(world.board.performed('lab.isolate')).toHaveLength(1);
  });

  test('what was lost and did not take effect is done again (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('isolate')], disk: createDisk(kind) });
    world.board.script('lab.isolate', LOST, 'effect');
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
    expect(world.board.performed('lab.isolate').map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(world.board.changes).toEqual(['lab.isolate h1']);
  });

  test('an attempt that follows another is on disk before it leaves (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('press')], disk: createDisk(kind) });
    world.board.script('lab.press', BUSY, 'effect');
    world.board.manner('lab.press', (seen, board) => (seen.attempt === 1 ? BUSY : (board.effect(seen), undefined)));
    const run = await world.alarm();
    await world.pass(MINUTE);
    expect(world.board.performed('lab.press')).toHaveLength(2);
    await world.crash();
    await world.pass(MINUTE);
    // It may have taken effect: a person is asked, and it is not pressed a second time.
    expect(await world.engine.answer(await world.question(), 'yes', 'ann')).toBe('answered');
    await world.finish();
    expect(world.board.performed('lab.press')).toHaveLength(2);
    expect(await world.outcome(run, 'act')).toBe('done');
  });

  test('an attempt after a restart between two attempts is on disk before it leaves (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('press')], disk: createDisk(kind) });
    world.board.manner('lab.press', (seen, board) => (seen.attempt === 1 ? BUSY : (board.effect(seen), undefined)));
    await world.alarm();
    await world.idle();
    await world.crash();
    await world.pass(MINUTE);
    expect(world.board.performed('lab.press')).toHaveLength(2);
    await world.crash();
    await world.idle();
    await world.question();
    expect(world.board.performed('lab.press')).toHaveLength(2);
  });

  test('what the product works on is asked for again by its token, never begun again (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('press')], disk: createDisk(kind) });
    const answers: Performed[] = [
      { kind: 'pending', token: 't1', again: 5_000 },
      BUSY,
      BUSY,
      { kind: 'done', output: {} },
    ];
    world.board.manner('lab.press', (seen, board) => (board.effect(seen), answers.shift()));
    const run = await world.alarm();
    await world.idle();
    await world.crash();
    await world.pass(5_000);
    await world.crash();
    await world.finish();
    const seen = world.board.seen.filter(({ action }) => action === 'lab.press').map(({ kind: what }) => what);
    expect(seen).toEqual(['perform', 'resume', 'resume', 'resume']);
    expect(await world.outcome(run, 'act')).toBe('done');
  });

  test('what the product works on and will not speak of is in doubt, not failed (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('press', ', retry: { times: 2 }')], disk: createDisk(kind) });
    world.board.script('lab.press', { kind: 'pending', token: 't1', again: 5_000 }, BUSY);
    const run = await world.alarm();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('unconfirmed: in-doubt');
    expect(await world.inForce()).toMatchObject([{ run, state: 'unconfirmed' }]);
  });

  test('what was lost, is worked on and then refused is in doubt, also over a crash (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('mark')], disk: createDisk(kind) });
    const answers: Performed[] = [
      LOST,
      { kind: 'pending', token: 't1', again: 5_000 },
      { kind: 'failed', reason: 'rejected', detail: '409' },
    ];
    world.board.manner('lab.mark', () => answers.shift());
    const run = await world.alarm();
    while (answers.length > 1) await world.pass(1_000);
    await world.crash();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('unconfirmed: in-doubt');
    expect(await world.inForce()).toMatchObject([{ run, state: 'unconfirmed' }]);
  });

  test.each(['attempting', 'backing-off', 'pending'] as const)(
    'who approved is known also where a crash came while it was %s (E6)',
    async stage => {
      const approve = ', approve: { who: leads, within: 1h, otherwise: deny }';
      const world = await openWorld({ playbooks: [doing('mark', approve)], disk: createDisk(kind) });
      if (stage === 'attempting') world.board.hold('lab.mark');
      else if (stage === 'backing-off') world.board.script('lab.mark', BUSY);
      else world.board.script('lab.mark', { kind: 'pending', token: 't1', again: 5_000 });
      const run = await world.alarm();
      await world.idle();
      await world.engine.answer(await world.question(), 'approve', 'ann');
      await world.idle();
      expect((await world.run(run)).head.commands).toMatchObject({ act: { life: { stage } } });
      world.board.script('lab.mark', 'effect');
      await world.crash();
      await world.finish();
      expect((await world.run(run)).head.state.main.memory.outcomes['act']).toMatchObject({
        status: 'done',
        by: 'ann',
      });
    },
  );

  test('a question about a lost answer is on disk with the doubt that asks it (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('press')], disk: createDisk(kind) });
    world.board.script('lab.press', LOST);
    const { commit } = world.store;
    world.store.commit = async turns => {
      for (const { records, head } of turns) {
        if (records.some(({ body }) => body.kind === 'asked'))
          expect(head.commands).toMatchObject({ act: { life: { stage: 'doubted' } } });
      }
      return commit(turns);
    };
    const run = await world.alarm();
    await world.finish();
    expect((await world.journal(run)).map(({ kind: what }) => what)).toContain('asked');
  });

  test('a refusal to join is not taken for a refusal of the write that followed it (E6)', async () => {
    const world = await openWorld({ playbooks: [doing('list', ', hold: { for: 1h }')], disk: createDisk(kind) });
    await world.alarm();
    await world.finish();
    world.board.hold('lab.list');
    world.board.hold('lab.unlist');
    // The second run finds the response in force; it is being taken back before its hold is written.
    const { commit } = world.store;
    let undoing: Promise<unknown> | undefined;
    world.store.commit = async turns => {
      const isJoin = turns.some(({ intents }) => intents.some(({ record }) => record.body.kind === 'hold-added'));
      if (isJoin && undoing === undefined) {
        const [row] = await world.inForce();
        const stored = row && (await world.run(row.run));
        if (row === undefined || stored === undefined) throw new Error('nothing is in force');
        const { seq } = stored.head;
        world.board.lift('lab.list', 'h1');
        undoing = commit([
          {
            run: row.run,
            consumed: [],
            records: [
              {
                run: row.run,
                seq,
                at: 0,
                body: { kind: 'response-ended', response: row.key, state: 'gone', detail: 'by hand' },
              },
            ],
            intents: [],
            head: { ...stored.head, seq: seq + 1 },
          },
        ]);
        await undoing;
      }
      return commit(turns);
    };
    const run = await world.alarm();
    await world.idle();
    expect(world.board.performed('lab.list')).toHaveLength(2);
    world.board.manner('lab.list', (seen, board) => board.effect(seen));
    await world.crash();
    await world.finish();
    expect(await world.outcome(run, 'act')).toBe('done');
  });
});
