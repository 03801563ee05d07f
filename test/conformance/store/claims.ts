import { describe, expect, test } from 'vitest';
import type { Claim } from '../../../src/engine/ports.ts';
import type { RecordBody } from '../../../src/journal/record.ts';
import type { LineOf, OpenStore } from './kit.ts';
import {
  began,
  begin,
  beginning,
  benchFor,
  intended,
  joining,
  late,
  responseEnded,
  responseKey,
  responseOf,
  runId,
  settled,
  START,
  told,
  turnOf,
  undoing,
} from './kit.ts';

export function describeClaims(open: OpenStore): void {
  const MINUTE = 60_000;
  const budget = (most: number, rule = 'isolations'): Claim => ({ kind: 'budget', rule, most, window: 10 * MINUTE });
  const isolating = (command: string, ...claims: readonly Claim[]): LineOf => ({ body: intended(command), claims });

  describe('budgets', () => {
    const bench = benchFor(open);

    test('fifty commits at the same time never get more than the budget', async () => {
      const { store } = bench;
      const runs = Array.from({ length: 50 }, (_, index) => `r${index}`);
      await begin(store, 'e1', ...runs);
      const committed = await Promise.all(
        runs.map(run => store.commit([turnOf(run, 1, [told, isolating('isolate', budget(7))])])),
      );
      const refused = committed.flat().flatMap(each => each.refused);
      expect(refused).toEqual(Array.from({ length: 43 }, () => ({ command: 'isolate', rule: 'isolations' })));
      expect(await store.query.budget('isolations', 10 * MINUTE)).toBe(7);
      const kinds = await Promise.all(runs.map(async run => (await store.query.records(runId(run))).at(-1)?.body.kind));
      expect(kinds.filter(kind => kind === 'intended')).toHaveLength(7);
    });

    test('a refused intent leaves a refusal in its place, and its turn is committed all the same', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.deliver([
        { id: 'i1' as never, run: runId('r1'), at: START, body: { kind: 'cancel', by: 'kim', undo: true } },
      ]);
      const turn = turnOf('r1', 1, [told, isolating('isolate', budget(0)), told], { consumed: ['i1'] });
      expect(await store.commit([turn])).toEqual([{ refused: [{ command: 'isolate', rule: 'isolations' }] }]);
      expect(await store.query.run(runId('r1'))).toMatchObject({ head: turn.head, inputs: [] });
      expect((await store.query.records(runId('r1'))).slice(1)).toEqual([
        turn.records[0],
        {
          run: 'r1',
          seq: 2,
          at: START,
          body: { kind: 'refused', command: 'isolate', rule: 'isolations', detail: '0 of 0 in 10m' },
        },
        turn.records[1],
      ]);
    });

    test('the intents of a turn, and the turns of a call, see those before them', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      const committed = await store.commit([
        turnOf('r1', 1, [isolating('a', budget(2)), isolating('b', budget(2)), isolating('c', budget(2))]),
        turnOf('r2', 1, [isolating('d', budget(3)), isolating('e', budget(3))]),
      ]);
      expect(committed.map(({ refused }) => refused.map(({ command }) => command))).toEqual([['c'], ['e']]);
    });

    test("the window slides by the store's clock", async () => {
      const { store, clock } = bench;
      await begin(store, 'e1', 'r1');
      const commit = async (seq: number) => {
        const [committed] = await store.commit([turnOf('r1', seq, [isolating(`c${seq}`, budget(2))])]);
        return committed?.refused.length === 0 ? 'granted' : 'refused';
      };
      expect(await commit(1)).toBe('granted');
      clock.moveTo(START + 4 * MINUTE);
      expect(await commit(2)).toBe('granted');
      clock.moveTo(START + 10 * MINUTE - 1);
      expect(await commit(3)).toBe('refused');
      clock.moveTo(START + 10 * MINUTE);
      expect(await store.query.budget('isolations', 10 * MINUTE)).toBe(1);
      expect(await commit(4)).toBe('granted');
      expect(await commit(5)).toBe('refused');
    });

    test('a refusal uses up no other budget of its intent', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.commit([turnOf('r1', 1, [isolating('isolate', budget(5, 'in all'), budget(0, 'per playbook'))])]);
      expect(await store.query.budget('in all', 10 * MINUTE)).toBe(0);
    });

    test('an intent counts under each of its rules, and rules do not count each other', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.commit([
        turnOf('r1', 1, [isolating('a', budget(1, 'x'), budget(1, 'y')), isolating('b', budget(1, 'z'))]),
      ]);
      const counted = await Promise.all(['x', 'y', 'z', 'other'].map(rule => store.query.budget(rule, MINUTE)));
      expect(counted).toEqual([1, 1, 1, 0]);
    });

    test('the first claim that does not hold names the refusal', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.note([{ kind: 'paused', by: 'kim', because: 'drill', at: START }]);
      const unpaused: Claim = { kind: 'unpaused' };
      const [committed] = await store.commit([
        turnOf('r1', 1, [isolating('a', unpaused, budget(0)), isolating('b', budget(0), unpaused)]),
      ]);
      expect(committed?.refused).toEqual([
        { command: 'a', rule: 'pause' },
        { command: 'b', rule: 'isolations' },
      ]);
    });
  });

  describe('the pause switch', () => {
    const bench = benchFor(open);

    test('what claims to be unpaused is refused from the pause to its end', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const commit = async (seq: number) => store.commit([turnOf('r1', seq, [isolating('a', { kind: 'unpaused' })])]);
      expect(await commit(1)).toEqual([{ refused: [] }]);
      await store.note([{ kind: 'paused', by: 'kim', because: 'drill', at: START }]);
      expect(await commit(2)).toEqual([{ refused: [{ command: 'a', rule: 'pause' }] }]);
      expect((await store.query.records(runId('r1'))).at(-1)?.body).toMatchObject({ detail: 'paused by kim: drill' });
      await store.note([{ kind: 'resumed', by: 'kim', at: START }]);
      expect(await commit(3)).toEqual([{ refused: [] }]);
    });
  });

  describe('beginning a response', () => {
    const bench = benchFor(open);

    /** Whether r2 may begin the response after r1 wrote these records. */
    async function mayBegin(...records: readonly LineOf[]): Promise<boolean> {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      await store.commit([turnOf('r1', 1, records)]);
      const [committed] = await store.commit([turnOf('r2', 1, [beginning('feed', 'block')])]);
      if (committed?.refused.length) expect(committed.refused).toEqual([{ command: 'feed', rule: 'begin' }]);
      return committed?.refused.length === 0;
    }

    const inForce = began('block', 'r1', 'feed');
    const unconfirmed = began('block', 'r1', 'feed', { state: 'unconfirmed' });
    test.for<[string, boolean, ...RecordBody[]]>([
      ['that nobody has', true],
      ['that is in force', false, inForce],
      ['that is unconfirmed', false, unconfirmed],
      ['that is being taken back', false, inForce, undoing('block')],
      ['that was taken back', true, inForce, undoing('block'), responseEnded('block', 'undone')],
      ['that is gone', true, inForce, undoing('block'), responseEnded('block', 'gone')],
      ['that was left', true, inForce, undoing('block'), responseEnded('block', 'left')],
    ])('a response %s can be begun: %s', async ([, may, ...records]) => {
      expect(await mayBegin(...records)).toBe(may);
    });

    test.for<[string, boolean, ...LineOf[]]>([
      ['has not settled', false, beginning('feed', 'block')],
      ['was settled without a response', true, beginning('feed', 'block'), settled('feed')],
      ['was settled by a late answer', true, beginning('feed', 'block'), late('feed')],
      ['is of another response', true, beginning('feed', 'another')],
      ['stands while another command settles', false, beginning('feed', 'block'), settled('other')],
      ['was refused', true, { body: intended('feed', 'block'), claims: [budget(0)] }],
    ])('a response whose intent %s can be begun by another: %s', async ([, may, ...lines]) => {
      expect(await mayBegin(...lines)).toBe(may);
    });

    test('a command may intend again what it has not settled', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.commit([turnOf('r1', 1, [beginning('feed', 'block')])]);
      expect(await store.commit([turnOf('r1', 2, [beginning('feed', 'block')])])).toEqual([{ refused: [] }]);
    });

    test('of two commands of one turn the first begins', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const [committed] = await store.commit([turnOf('r1', 1, [beginning('a', 'block'), beginning('b', 'block')])]);
      expect(committed?.refused).toEqual([{ command: 'b', rule: 'begin' }]);
    });

    test('what a turn settles is free for the intent that follows in the same turn', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const lines = [beginning('a', 'block'), settled('a'), beginning('b', 'block')];
      expect(await store.commit([turnOf('r1', 1, lines)])).toEqual([{ refused: [] }]);
    });

    test('fifty runs at the same time begin a response once', async () => {
      const { store } = bench;
      const runs = Array.from({ length: 50 }, (_, index) => `r${index}`);
      await begin(store, 'e1', ...runs);
      const committed = await Promise.all(
        runs.map(run => store.commit([turnOf(run, 1, [beginning('feed', 'block')])])),
      );
      expect(committed.flat().filter(({ refused }) => refused.length === 0)).toHaveLength(1);
    });
  });

  describe('joining a response', () => {
    const bench = benchFor(open);
    const hold = { response: 'block', run: 'r2', command: 'feed' };

    test.for<[string, boolean, ...RecordBody[]]>([
      ['that is in force', true, began('block', 'r1', 'feed')],
      ['that is unconfirmed', true, began('block', 'r1', 'feed', { state: 'unconfirmed' })],
      ['that is being taken back', false, began('block', 'r1', 'feed'), undoing('block')],
      ['that was taken back', false, began('block', 'r1', 'feed'), responseEnded('block')],
      ['that only is intended', false, intended('feed', 'block')],
      ['that nobody has', false],
    ])('a response %s can be joined: %s', async ([, may, ...records]) => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      await store.commit([turnOf('r1', 1, records)]);
      const turn = turnOf('r2', 1, [joining('block', 'r2', 'feed')]);
      expect(await store.commit([turn])).toEqual([{ refused: may ? [] : [{ command: 'feed', rule: 'join' }] }]);
      expect(await store.query.holds(responseKey('block'))).toMatchObject(may ? [hold] : []);
      const record = (await store.query.records(runId('r2'))).at(-1);
      expect(record).toMatchObject(
        may ? { seq: 1, ...turn.intents[0]?.record } : { seq: 1, body: { kind: 'refused' } },
      );
    });

    test('a response that began again after it ended can be joined, and is the newest of its key', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1', 'r2');
      await store.commit([turnOf('r1', 1, [began('block', 'r1', 'feed'), responseEnded('block')])]);
      await store.commit([turnOf('r2', 1, [began('block', 'r2', 'feed'), joining('block', 'r2', 'feed')])]);
      expect(await store.query.response(responseKey('block'))).toEqual(responseOf('block', 'r2', 'feed'));
      expect(await store.query.holds(responseKey('block'))).toMatchObject([hold]);
    });
  });
}
