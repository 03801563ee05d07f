import { describe, expect, test } from 'vitest';
import type { Join, Store } from '../../../src/engine/ports.ts';
import type { OpenStore } from './kit.ts';
import { acceptedOf, benchFor, birthOf, joinOf } from './kit.ts';

export function describeGroups(open: OpenStore): void {
  describe('groups of events that are correlated', () => {
    const bench = benchFor(open);

    async function accept(store: Store, id: string, ...joins: readonly Join[]) {
      return store.accept({ events: [acceptedOf(id, { joins })], rejected: [] });
    }
    /** The times of a group's events. */
    async function times(store: Store, group = 'alice', correlation = 'logins'): Promise<number[]> {
      return (await store.query.group(correlation, group)).map(({ time }) => time);
    }

    test('an event is in its group once it is accepted, in the order of time, then of acceptance', async () => {
      const { store } = bench;
      await accept(store, 'e1', joinOf('alice', 5));
      await accept(store, 'e2', joinOf('alice', 3), joinOf('alice', 1, { correlation: 'other' }));
      await accept(store, 'e3', joinOf('alice', 5), joinOf('bob', 4));
      expect(await store.query.group('logins', 'alice')).toEqual([
        { key: 'cb/e2', name: 'failed', time: 3, values: { ip: ['10.0.0.3'] } },
        { key: 'cb/e1', name: 'failed', time: 5, values: { ip: ['10.0.0.5'] } },
        { key: 'cb/e3', name: 'failed', time: 5, values: { ip: ['10.0.0.5'] } },
      ]);
      expect(await times(store, 'bob')).toEqual([4]);
      expect(await times(store, 'alice', 'other')).toEqual([1]);
      expect(await store.query.counts()).toMatchObject({ groups: 3, leftOut: 0 });
    });

    test('a duplicate joins nothing', async () => {
      const { store } = bench;
      await accept(store, 'e1', joinOf('alice', 1));
      expect(await accept(store, 'e1', joinOf('alice', 1))).toEqual([{ kind: 'duplicate' }]);
      expect(await times(store)).toEqual([1]);
    });

    test('a group that is complete is gone with the event that completed it, in the commit that wakes its run', async () => {
      const { store } = bench;
      await accept(store, 'e1', joinOf('alice', 1));
      const completing = acceptedOf('e2', {
        joins: [joinOf('alice', 2, { completes: true })],
        wakes: [{ birth: birthOf('r1') }],
      });
      const [intake] = await store.accept({ events: [completing], rejected: [] });
      expect(intake).toMatchObject({ kind: 'accepted', births: [{ facts: { run: 'r1' } }] });
      expect(await times(store)).toEqual([]);
      expect(await store.query.counts()).toMatchObject({ groups: 0, leftOut: 0 });
      await accept(store, 'e3', joinOf('alice', 3));
      expect(await times(store)).toEqual([3]);
    });

    test('what is too old is forgotten when the next one joins', async () => {
      const { store } = bench;
      await accept(store, 'e1', joinOf('alice', 1));
      await accept(store, 'e2', joinOf('alice', 2));
      await accept(store, 'e3', joinOf('alice', 9, { since: 2 }));
      expect(await times(store)).toEqual([2, 9]);
    });

    test('of too many events the oldest leave their group, and are counted', async () => {
      const { store } = bench;
      for (const time of [7, 5, 6, 8, 9, 10]) await accept(store, `e${time}`, joinOf('alice', time));
      expect(await times(store)).toEqual([6, 7, 8, 9, 10]);
      await accept(store, 'e1', joinOf('alice', 1));
      expect(await times(store)).toEqual([6, 7, 8, 9, 10]);
      expect(await store.query.counts()).toMatchObject({ groups: 1, leftOut: 2 });
    });

    test('of too many groups the one that was joined longest ago goes, and its events are counted', async () => {
      const { store } = bench;
      await accept(store, 'e1', joinOf('alice', 1));
      await accept(store, 'e2', joinOf('bob', 1));
      await accept(store, 'e3', joinOf('bob', 2));
      await accept(store, 'e4', joinOf('carol', 1));
      await accept(store, 'e5', joinOf('alice', 2));
      await accept(store, 'e6', joinOf('dave', 1), joinOf('dave', 1, { correlation: 'other' }));
      expect(await Promise.all(['alice', 'bob', 'carol', 'dave'].map(group => times(store, group)))).toEqual([
        [1, 2],
        [],
        [1],
        [1],
      ]);
      expect(await store.query.counts()).toMatchObject({ groups: 4, leftOut: 2 });
    });
  });
}
