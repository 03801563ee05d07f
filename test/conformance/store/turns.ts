import { describe, expect, test } from 'vitest';
import type { Turn } from '../../../src/engine/ports.ts';
import { StoreFault } from '../../../src/engine/ports.ts';
import type { OpenStore } from './kit.ts';
import {
  beginning,
  begin,
  benchFor,
  ended,
  inputOf,
  intended,
  late,
  responseKey,
  runId,
  START,
  told,
  turnOf,
} from './kit.ts';
import { snapshotOf } from './snapshot.ts';

export function describeTurns(open: OpenStore): void {
  describe('commit', () => {
    const bench = benchFor(open);

    test('a turn adds its records and moves the head', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const turn = turnOf('r1', 1, [told, { body: intended('feed'), claims: [] }, late('other')]);
      expect(await store.commit([turn])).toEqual([{ refused: [] }]);
      expect(await store.query.run(runId('r1'))).toMatchObject({ head: turn.head });
      const [, ...records] = await store.query.records(runId('r1'));
      expect(records).toEqual([turn.records[0], turn.intents[0]?.record, turn.records[1]]);
    });

    test('several turns of one run may come in one call', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.commit([turnOf('r1', 1, [told]), turnOf('r1', 2, [told, told])]);
      expect((await store.query.records(runId('r1'))).map(({ seq }) => seq)).toEqual([0, 1, 2, 3]);
    });

    const wrongTurns: readonly (readonly [string, Turn])[] = [
      ['leaves a hole in the numbers', turnOf('r2', 2, [told])],
      ['repeats a number', turnOf('r2', 0, [told])],
      ['is of a run that is not known', turnOf('nobody', 1, [told])],
      ['has a record of another run', { ...turnOf('r2', 1, [told]), records: turnOf('r1', 1, [told]).records }],
      ['has a head that does not follow', { ...turnOf('r2', 1, [told]), head: turnOf('r2', 1, []).head }],
      ['consumes an input that is not there', turnOf('r2', 1, [told], { consumed: ['i9'] })],
      ['consumes an input twice', turnOf('r2', 1, [told], { consumed: ['i2', 'i2'] })],
      ['consumes the input of another run', turnOf('r2', 1, [told], { consumed: ['i1'] })],
      ['intends what is no intent', turnOf('r2', 1, [{ body: told, claims: [] }])],
      [
        'claims another response than it intends',
        turnOf('r2', 1, [
          { body: intended('feed', 'block'), claims: [{ kind: 'begin', response: responseKey('other') }] },
        ]),
      ],
    ];
    test.for(wrongTurns)('a turn that %s is rejected, with all of its call', async ([, wrong]) => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      await store.deliver([inputOf('r1', 'i1'), inputOf('r2', 'i2')]);
      const before = await snapshotOf(store);
      await expect(store.commit([turnOf('r1', 1, [told], { consumed: ['i1'] }), wrong])).rejects.toThrow(StoreFault);
      expect(await snapshotOf(store)).toEqual(before);
    });

    test('calls at the same time do not share their fate', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2', 'r3');
      const results = await Promise.allSettled([
        store.commit([turnOf('r1', 1, [told])]),
        store.commit([turnOf('r2', 7, [told])]),
        store.deliver([inputOf('nobody', 'i1')]),
        store.commit([turnOf('r3', 1, [told])]),
        store.deliver([inputOf('r3', 'i1')]),
        begin(store, 'e2', 'r4'),
      ]);
      expect(results.map(({ status }) => status === 'fulfilled')).toEqual([true, false, false, true, true, true]);
      const runs = await Promise.all(['r1', 'r2', 'r3', 'r4'].map(run => store.query.run(runId(run))));
      expect(runs.map(run => run?.head.seq)).toEqual([2, 1, 2, 1]);
      expect(runs[2]?.inputs).toEqual([inputOf('r3', 'i1')]);
    });

    test('calls at the same time take effect in the order in which they were made', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const turns = Array.from({ length: 20 }, (_, index) => turnOf('r1', index + 1, [told]));
      await Promise.all(turns.map(turn => store.commit([turn])));
      expect(await store.query.run(runId('r1'))).toMatchObject({ head: { seq: 21 } });
    });

    test('a run that has ended takes further turns, and stays as it ended', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.commit([turnOf('r1', 1, [ended('partial')], { status: 'partial', at: START + 5 })]);
      await store.commit([turnOf('r1', 2, [late('feed')], { status: 'partial', at: START + 9 })]);
      expect(await store.query.runs({ limit: 1 })).toMatchObject([{ status: 'partial', ended: START + 5 }]);
      await expect(store.commit([turnOf('r1', 3, [told])])).rejects.toThrow(StoreFault);
      await expect(store.commit([turnOf('r1', 3, [told], { status: 'done' })])).rejects.toThrow(StoreFault);
    });

    test('a turn without records moves the head', async () => {
      const { store, clock } = bench;
      await begin(store, 'e1', 'r1');
      clock.moveTo(START + 3);
      await store.commit([turnOf('r1', 1, [], { status: 'failed' })]);
      expect(await store.query.runs({ limit: 1 })).toMatchObject([{ status: 'failed', ended: START + 3 }]);
    });

    test('what was handed in may change afterwards, and what was read does not change the store', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const value = { list: ['before'] };
      const turn = { ...turnOf('r1', 1, [told]), head: { ...turnOf('r1', 1, [told]).head, commands: value } };
      await store.commit([turn]);
      value.list.push('after');
      expect(await store.query.run(runId('r1'))).toMatchObject({ head: { commands: { list: ['before'] } } });
      expect(await store.query.run(runId('r1'))).toEqual(await store.query.run(runId('r1')));
    });
  });

  describe('inputs', () => {
    const bench = benchFor(open);

    test('an input waits until a turn consumes it, and is never delivered again', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      expect(await store.deliver([inputOf('r1', 'i1'), inputOf('r1', 'i2'), inputOf('r1', 'i1')])).toEqual([
        'delivered',
        'delivered',
        'duplicate',
      ]);
      await store.commit([turnOf('r1', 1, [told], { consumed: ['i1'] })]);
      expect(await store.query.run(runId('r1'))).toMatchObject({ inputs: [inputOf('r1', 'i2')] });
      expect(await store.deliver([inputOf('r1', 'i1')])).toEqual(['duplicate']);
      await expect(store.commit([turnOf('r1', 2, [told], { consumed: ['i1'] })])).rejects.toThrow(StoreFault);
      expect(await store.query.run(runId('r1'))).toMatchObject({ inputs: [inputOf('r1', 'i2')], head: { seq: 2 } });
    });

    test('a turn delivers inputs to its own run and to others, or does nothing at all', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      const inputs = [inputOf('r1', 'i1'), inputOf('r2', 'i1')];
      await expect(
        store.commit([{ ...turnOf('r1', 1, [told]), inputs: [...inputs, inputOf('nobody', 'i2')] }]),
      ).rejects.toThrow(StoreFault);
      expect(await store.query.run(runId('r1'))).toMatchObject({ inputs: [], head: { seq: 1 } });
      await store.commit([{ ...turnOf('r1', 1, [told]), inputs }]);
      expect(await store.query.run(runId('r1'))).toMatchObject({ inputs: [inputs[0]], head: { seq: 2 } });
      expect(await store.query.run(runId('r2'))).toMatchObject({ inputs: [inputs[1]] });
      await store.commit([{ ...turnOf('r1', 2, [told], { consumed: ['i1'] }), inputs }]);
      expect(await store.query.run(runId('r1'))).toMatchObject({ inputs: [] });
    });

    test('the same id is another input for another run', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      expect(await store.deliver([inputOf('r1', 'i1'), inputOf('r2', 'i1')])).toEqual(['delivered', 'delivered']);
    });

    test('inputs for a run that is not known are rejected, with all of their call', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await expect(store.deliver([inputOf('r1', 'i1'), inputOf('nobody', 'i2')])).rejects.toThrow(StoreFault);
      expect(await store.query.run(runId('r1'))).toMatchObject({ inputs: [] });
    });

    test('an answer, a cancellation and a refused claim do not mix: each run sees its own, in the order of delivery', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      await store.deliver([inputOf('r2', 'i3'), inputOf('r1', 'i2')]);
      await store.deliver([inputOf('r2', 'i1')]);
      await store.commit([turnOf('r1', 1, [beginning('feed', 'block')])]);
      expect((await store.query.run(runId('r2')))?.inputs.map(({ id }) => id)).toEqual(['i3', 'i1']);
    });
  });
}
