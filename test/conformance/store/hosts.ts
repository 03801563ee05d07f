import { describe, expect, test } from 'vitest';
import type { Accepted, Identified, Store } from '../../../src/engine/ports.ts';
import { StaleHosts } from '../../../src/engine/ports.ts';
import { HOST_RULES, addressMark, keyMark, nameMark, sensorMark } from '../../../src/event/identity.ts';
import type { OpenStore } from './kit.ts';
import { START, acceptedOf, batchOf, benchFor } from './kit.ts';

/** An event of a host, as it was decided: `sensor` is `origin/id`. */
export function seenAs(
  id: string,
  key: string,
  said: { readonly name?: string; readonly sensor?: string; readonly ip?: string; readonly most?: number } = {},
): Accepted {
  const { name, sensor, ip, most = HOST_RULES.most } = said;
  const [origin = '', number = ''] = sensor?.split('/') ?? [];
  const host: Identified = {
    key,
    rules: { ...HOST_RULES, most },
    sighting: {
      alone: name ?? (sensor === undefined ? (ip ?? key) : `sensor:${number}`),
      ...(name === undefined ? {} : { name }),
      ...(sensor === undefined ? {} : { sensor: { origin, id: number } }),
      ips: ip === undefined ? [] : [ip],
      time: START - 60_000,
      accepted: START,
      learns: true,
    },
  };
  return { ...acceptedOf(id), host };
}

export function describeHosts(open: OpenStore): void {
  describe('who hosts are', () => {
    const bench = benchFor(open);

    async function found(store: Store, ...marks: readonly string[]): Promise<string[]> {
      return (await store.query.known(marks)).hosts.map(({ key }) => key).toSorted();
    }

    test('what an accepted event says of its host is known, and found under its key, name, sensor and address', async () => {
      const { store } = bench;
      await store.accept(batchOf(seenAs('e1', 'fin-1', { name: 'fin-1', sensor: 'cb/31', ip: '10.0.0.5' })));
      await store.accept(batchOf(seenAs('e2', 'hr-7', { name: 'hr-7' })));
      for (const mark of [keyMark('fin-1'), nameMark('fin-1.corp'), sensorMark('31'), addressMark('10.0.0.5')])
        expect(await found(store, mark)).toEqual(['fin-1']);
      expect(await found(store, keyMark('fin-1'), nameMark('hr-7'), keyMark('x'))).toEqual(['fin-1', 'hr-7']);
      expect(await store.query.known([])).toEqual({ hosts: [], count: 2 });
      expect(await store.query.counts()).toMatchObject({ hosts: 2, hostsLeftOut: 0, hostsForgotten: 0 });
      expect((await store.query.hosts({ limit: 1 })).map(({ key }) => key)).toEqual(['fin-1']);
      expect((await store.query.hosts({ after: 'fin-1', limit: 9 })).map(({ key }) => key)).toEqual(['hr-7']);
    });

    test('a second copy of an event in a batch says nothing, also where only the copy has a host', async () => {
      const { store } = bench;
      const intakes = await store.accept(batchOf(acceptedOf('e1'), seenAs('e1', 'not-its-key', { name: 'fin-1' })));
      expect(intakes.map(({ kind }) => kind)).toEqual(['accepted', 'duplicate']);
      expect(await store.query.known([nameMark('fin-1')])).toEqual({ hosts: [], count: 0 });
    });

    test('hosts that turn out to be one are one row, found under all that either was', async () => {
      const { store } = bench;
      await store.accept(batchOf(seenAs('e1', 'sensor:31', { sensor: 'cb/31', ip: '10.0.0.5' })));
      await store.accept(batchOf(seenAs('e2', 'fin-1', { name: 'fin-1' })));
      await store.accept(batchOf(seenAs('e3', 'fin-1', { name: 'fin-1', sensor: 'cb/31' })));
      for (const mark of [keyMark('sensor:31'), keyMark('fin-1'), sensorMark('31'), addressMark('10.0.0.5')])
        expect(await found(store, mark)).toEqual(['fin-1']);
      expect((await store.query.hosts({ limit: 9 }))[0]?.aliases).toEqual(['sensor:31']);
      expect(await store.query.counts()).toMatchObject({ hosts: 1 });
    });

    test('nobody new is found under what led to a host that has become part of another', async () => {
      const { store } = bench;
      await store.accept(batchOf(seenAs('e1', 'fin-1', { name: 'fin-1' })));
      await store.accept(batchOf(seenAs('e2', 'sensor:31', { sensor: 'cb/31', ip: '10.0.0.5' })));
      await store.accept(batchOf(seenAs('e3', 'fin-1', { name: 'fin-1', sensor: 'cb/31' })));
      await store.accept(batchOf(seenAs('e4', 'hr-7', { name: 'hr-7' })));
      for (const mark of [keyMark('sensor:31'), sensorMark('31'), addressMark('10.0.0.5')])
        expect(await found(store, mark)).toEqual(['fin-1']);
    });

    test('a batch is refused whole where one of its hosts is another by now, and what it said of the rest is not known', async () => {
      const { store } = bench;
      await store.accept(batchOf(seenAs('e1', 'fin-1', { name: 'fin-1', sensor: 'cb/31' })));
      const decidedBefore = [seenAs('e2', 'hr-7', { name: 'hr-7' }), seenAs('e3', 'sensor:31', { sensor: 'cb/31' })];
      await expect(store.accept(batchOf(...decidedBefore))).rejects.toBeInstanceOf(StaleHosts);
      expect(await found(store, keyMark('hr-7'))).toEqual([]);
      expect(await store.query.counts()).toMatchObject({ events: 1, hosts: 1 });
      const anew = [seenAs('e2', 'hr-7', { name: 'hr-7' }), seenAs('e3', 'fin-1', { sensor: 'cb/31' })];
      expect(await store.accept(batchOf(...anew))).toMatchObject([{ kind: 'accepted' }, { kind: 'accepted' }]);
    });

    test('a batch that is refused keeps no other from being accepted at the same time', async () => {
      const { store } = bench;
      const [first, second] = await Promise.allSettled([
        store.accept(batchOf(seenAs('e1', 'fin-1', { name: 'fin-1', sensor: 'cb/31' }))),
        store.accept(batchOf(seenAs('e2', 'sensor:31', { sensor: 'cb/31' }))),
      ]);
      expect(first).toMatchObject({ status: 'fulfilled', value: [{ kind: 'accepted' }] });
      expect(second).toMatchObject({ status: 'rejected' });
    });

    test('a duplicate says nothing, whatever it was decided on', async () => {
      const { store } = bench;
      await store.accept(batchOf(seenAs('e1', 'fin-1', { name: 'fin-1' })));
      const again = seenAs('e1', 'hr-7', { name: 'hr-7' });
      const twice = [seenAs('e2', 'x', { name: 'x' }), seenAs('e2', 'y', { name: 'y' })];
      expect(await store.accept(batchOf(again, ...twice))).toMatchObject([
        { kind: 'duplicate' },
        { kind: 'accepted' },
        { kind: 'duplicate' },
      ]);
      expect((await store.query.hosts({ limit: 9 })).map(({ key }) => key)).toEqual(['fin-1', 'x']);
    });

    test('where there is room for no more, what is new is left out and counted', async () => {
      const { store } = bench;
      await store.accept(batchOf(seenAs('e1', 'fin-1', { name: 'fin-1', most: 1 })));
      await store.accept(batchOf(seenAs('e2', 'hr-7', { name: 'hr-7', most: 1 })));
      expect(await store.query.counts()).toMatchObject({ events: 2, hosts: 1, hostsLeftOut: 1 });
    });
  });
}
