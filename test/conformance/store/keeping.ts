import { describe, expect, test } from 'vitest';
import type { Act } from '../../../src/engine/ports.ts';
import type { OpenStore } from './kit.ts';
import { benchFor, runId, START } from './kit.ts';

const HOUR = 3_600_000;

type ActOf<Kind extends Act['kind']> = Extract<Act, { readonly kind: Kind }>;
type Open<Kind extends Act['kind']> = Omit<ActOf<Kind>, 'key' | 'run' | 'space' | 'kind'> & Partial<Act>;

/** An act of a run in a space of its own key, unless the test says otherwise. */
function act<Kind extends Act['kind']>(kind: Kind, key: string, more: Open<Kind>): Act {
  return { key, run: runId('r1'), space: 'active', kind, ...more } as Act;
}

const add = (key: string, more: Partial<Open<'list-add'>> = {}) =>
  act('list-add', key, { list: 'blocked', entry: 'evil.example', value: 'Evil.example', ...more });

export function describeKeeping(open: OpenStore): void {
  describe('what Backline keeps', () => {
    const bench = benchFor(open);

    test('a list has what was added to it, as it was written, until its time is over', async () => {
      const { store, clock } = bench;
      expect(await store.keep(add('k1', { note: 'seen', for: HOUR }))).toEqual({
        found: false,
        note: 'seen',
        until: START + HOUR,
      });
      expect(await store.query.listed('active', 'blocked', ['evil.example'])).toEqual({
        value: 'Evil.example',
        note: 'seen',
        until: START + HOUR,
        run: 'r1',
        at: START,
      });
      clock.moveTo(START + HOUR - 1);
      expect(await store.query.list('active', 'blocked', 10)).toHaveLength(1);
      clock.moveTo(START + HOUR);
      expect(await store.query.listed('active', 'blocked', ['evil.example'])).toBeUndefined();
      expect(await store.query.list('active', 'blocked', 10)).toEqual([]);
      expect(await store.keep(add('k2'))).toEqual({ found: false });
    });

    test('what is added again has its new note and time only, and is found to have been there', async () => {
      const { store } = bench;
      await store.keep(add('k1', { note: 'first', for: HOUR }));
      expect(await store.keep(add('k2'))).toEqual({ found: true });
      expect(await store.query.list('active', 'blocked', 10)).toEqual([
        { value: 'Evil.example', run: 'r1', at: START },
      ]);
    });

    test('what is removed is gone, and whether it was there is said', async () => {
      const { store } = bench;
      await store.keep(add('k1'));
      const remove = (key: string) => act('list-remove', key, { list: 'blocked', entry: 'evil.example' });
      expect([await store.keep(remove('k2')), await store.keep(remove('k3'))]).toEqual([
        { found: true },
        { found: false },
      ]);
      expect(await store.query.listed('active', 'blocked', ['evil.example'])).toBeUndefined();
    });

    test('of several entries the first that stands is found', async () => {
      const { store } = bench;
      await store.keep(add('k1', { entry: 'example', value: 'example' }));
      await store.keep(add('k2', { entry: 'evil.example', value: 'evil.example' }));
      const found = (...entries: string[]) => store.query.listed('active', 'blocked', entries);
      expect(await found('a.evil.example', 'evil.example', 'example')).toMatchObject({ value: 'evil.example' });
      expect(await found('other.example', 'example')).toMatchObject({ value: 'example' });
      expect(await found('other.example')).toBeUndefined();
      expect(await store.query.listed('active', 'allowed', ['example'])).toBeUndefined();
    });

    test('a list is newest first', async () => {
      const { store } = bench;
      for (const [index, value] of ['a', 'b', 'c', 'a'].entries())
        await store.keep(add(`k${index}`, { entry: value, value }));
      expect((await store.query.list('active', 'blocked', 2)).map(({ value }) => value)).toEqual(['a', 'c']);
    });

    test('a value is remembered for its playbook until its time is over; a new one takes its place', async () => {
      const { store, clock } = bench;
      const remember = (key: string, value: Open<'remember'>['value']) =>
        act('remember', key, { playbook: 'hunt', name: 'seen', value, for: HOUR });
      expect(await store.keep(remember('k1', { hosts: ['a'] }))).toEqual({ found: false });
      clock.moveTo(START + 1);
      await store.keep(remember('k2', null));
      expect(await store.query.remembered('active', 'hunt', 'seen')).toEqual({ value: null, run: 'r1', at: START + 1 });
      expect(await store.query.remembered('active', 'block', 'seen')).toBeUndefined();
      clock.moveTo(START + 1 + HOUR);
      expect(await store.query.remembered('active', 'hunt', 'seen')).toBeUndefined();
    });

    test('occurrences are counted within the window that ends now', async () => {
      const { store, clock } = bench;
      const count = (key: string, more: { readonly value?: string; readonly amount?: number }) =>
        store.keep(act('count', key, { playbook: 'hunt', name: 'host:a', ...more }));
      expect(await store.query.tally('active', 'hunt', 'host:a', HOUR)).toEqual({ count: 0, distinct: 0, sum: 0 });
      await count('k1', { value: 'x', amount: 2 });
      clock.moveTo(START + HOUR / 2);
      await count('k2', { value: 'x', amount: 3 });
      await count('k3', { value: 'y' });
      await count('k4', {});
      expect(await store.query.tally('active', 'hunt', 'host:a', HOUR)).toEqual({
        count: 4,
        distinct: 2,
        sum: 5,
        first: START,
        last: START + HOUR / 2,
      });
      clock.moveTo(START + HOUR);
      expect(await store.query.tally('active', 'hunt', 'host:a', HOUR)).toEqual({
        count: 3,
        distinct: 2,
        sum: 3,
        first: START + HOUR / 2,
        last: START + HOUR / 2,
      });
      expect(await store.query.tally('active', 'other', 'host:a', HOUR)).toMatchObject({ count: 0 });
    });

    test('notes are those of an incident, newest first', async () => {
      const { store } = bench;
      const note = (key: string, text: string) => store.keep(act('note', key, { incident: 'host:a', text }));
      await note('k1', 'one');
      await note('k2', 'two');
      expect(await store.query.notes('host:a', 1)).toEqual([{ run: 'r1', text: 'two', at: START }]);
      expect(await store.query.notes('host:b', 10)).toEqual([]);
    });

    test('an act whose key is known changes nothing and gives the answer that it gave (E3)', async () => {
      const { store } = bench;
      const first = await store.keep(add('k1', { note: 'once' }));
      expect(await store.keep(add('k1', { note: 'twice', entry: 'other', value: 'other' }))).toEqual(first);
      expect((await store.query.list('active', 'blocked', 10)).map(({ note }) => note)).toEqual(['once']);
      const counting = act('count', 'k2', { playbook: 'hunt', name: 'n' });
      await Promise.all([store.keep(counting), store.keep(counting)]);
      expect(await store.query.tally('active', 'hunt', 'n', HOUR)).toMatchObject({ count: 1 });
    });

    test('shadow runs have a state of their own', async () => {
      const { store } = bench;
      await store.keep(add('k1', { space: 'shadow' }));
      await store.keep(act('remember', 'k2', { playbook: 'p', name: 'n', value: 1, for: HOUR, space: 'shadow' }));
      await store.keep(act('count', 'k3', { playbook: 'p', name: 'n', space: 'shadow' }));
      expect(await store.query.listed('active', 'blocked', ['evil.example'])).toBeUndefined();
      expect(await store.query.listed('shadow', 'blocked', ['evil.example'])).toBeDefined();
      expect(await store.query.remembered('active', 'p', 'n')).toBeUndefined();
      expect(await store.query.tally('active', 'p', 'n', HOUR)).toMatchObject({ count: 0 });
      expect(await store.query.tally('shadow', 'p', 'n', HOUR)).toMatchObject({ count: 1 });
    });
  });
}
