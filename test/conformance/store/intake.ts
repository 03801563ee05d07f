import { describe, expect, test } from 'vitest';
import type { RunEnd } from '../../../src/journal/record.ts';
import { QUEUED, StoreFault } from '../../../src/engine/ports.ts';
import type { Wake } from '../../../src/engine/ports.ts';
import type { OpenStore } from './kit.ts';
import {
  acceptedOf,
  batchOf,
  begin,
  benchFor,
  birthOf,
  commandId,
  ended,
  eventOf,
  inputOf,
  responseKey,
  runId,
  START,
  turnOf,
} from './kit.ts';
import { snapshotOf } from './snapshot.ts';

export function describeIntake(open: OpenStore): void {
  describe('accept', () => {
    const bench = benchFor(open);

    test('an event gives birth to the runs it wakes, each with its position and a first record', async () => {
      const { store } = bench;
      const birth = birthOf('r1', { event: eventOf('e1') });
      expect(await begin(store, 'e1', birth)).toEqual({
        kind: 'accepted',
        seq: 1,
        births: [{ ...birth, eventSeq: 1 }],
        suppressed: [],
        inputs: [],
      });
      expect(await store.query.run(runId('r1'))).toEqual({
        birth: { ...birth, eventSeq: 1 },
        head: QUEUED,
        inputs: [],
        suppressed: 0,
      });
      expect(await store.query.records(runId('r1'))).toEqual([
        { run: 'r1', seq: 0, at: START, body: { kind: 'woken', birth: { ...birth, eventSeq: 1 } } },
      ]);
    });

    test('an event that is known is a duplicate, and nothing of it is written', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const before = await snapshotOf(store);
      const again = acceptedOf('e1', { wakes: [{ birth: birthOf('r2') }], inputs: [inputOf('r1', 'i1')] });
      expect(await store.accept(batchOf(again))).toEqual([{ kind: 'duplicate' }]);
      expect(await snapshotOf(store)).toEqual(before);
    });

    test('an event that comes twice in a batch is accepted once', async () => {
      const kinds = await bench.store.accept(batchOf(acceptedOf('e1'), acceptedOf('e1'), acceptedOf('e2')));
      expect(kinds.map(intake => (intake.kind === 'accepted' ? intake.seq : intake.kind))).toEqual([1, 'duplicate', 2]);
    });

    test('positions have no holes, whatever else happens', async () => {
      const { store } = bench;
      await begin(store, 'e1');
      await begin(store, 'e1');
      const poison = acceptedOf('e2', { inputs: [inputOf('nobody', 'i1')] });
      await expect(store.accept(batchOf(poison))).rejects.toThrow(StoreFault);
      expect(await begin(store, 'e3')).toMatchObject({ seq: 2 });
      expect(await store.query.lastEventSeq()).toBe(2);
    });

    test('what was rejected is kept with its reason, newest first', async () => {
      const { store } = bench;
      const rejected = ['a', 'b', 'c'].map(raw => ({ origin: 'syslog', at: START, reason: 'not JSON', raw }));
      await store.accept({ events: [], rejected });
      expect(await store.query.rejected(2)).toEqual([rejected[2], rejected[1]]);
    });

    test('what an event could not wake is kept with it, once', async () => {
      const { store } = bench;
      const refused = [{ origin: 'cb', at: START, reason: 'its lock is not there', raw: '{}' }];
      await store.accept(batchOf(acceptedOf('e1', { refused })));
      await store.accept(batchOf(acceptedOf('e1', { refused }), acceptedOf('e1', { refused })));
      expect(await store.query.rejected(9)).toEqual(refused);
    });

    test('a cursor moves with its batch, also when all its events were duplicates', async () => {
      const { store } = bench;
      expect(await store.query.cursor('cb')).toBeUndefined();
      await store.accept({ ...batchOf(acceptedOf('e1')), cursor: { source: 'cb', value: { page: 1 } } });
      await store.accept({ ...batchOf(acceptedOf('e1')), cursor: { source: 'cb', value: null } });
      expect(await store.query.cursor('cb')).toBeNull();
    });

    test('an event reaches the runs that wait for it, with its position', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      const event = eventOf('e2');
      const arrived = inputOf('r1', 'i1', { kind: 'arrived', command: commandId('wait'), eventSeq: null, event });
      const release = inputOf('r1', 'i2', {
        kind: 'release',
        response: responseKey('block'),
        command: commandId('feed'),
        eventSeq: null,
      });
      const [intake] = await store.accept(batchOf(acceptedOf('e2', { inputs: [arrived, release] })));
      const placed = [
        { ...arrived, body: { ...arrived.body, eventSeq: 2 } },
        { ...release, body: { ...release.body, eventSeq: 2 } },
      ];
      expect(intake).toMatchObject({ kind: 'accepted', inputs: placed });
      expect((await store.query.run(runId('r1')))?.inputs).toEqual(placed);
    });

    test('of the inputs that come with an event, only those that were new are given back', async () => {
      const { store } = bench;
      await begin(store, 'e1', 'r1');
      await store.deliver([inputOf('r1', 'i1')]);
      const [intake] = await store.accept(
        batchOf(acceptedOf('e2', { inputs: [inputOf('r1', 'i1'), inputOf('r1', 'i2')] })),
      );
      expect(intake).toMatchObject({ inputs: [inputOf('r1', 'i2')] });
    });

    test('a batch with an input for a run that is not known is rejected whole', async () => {
      const { store } = bench;
      const before = await snapshotOf(store);
      const batch = {
        events: [
          acceptedOf('e1', { wakes: [{ birth: birthOf('r1') }] }),
          acceptedOf('e2', { inputs: [inputOf('nobody', 'i1')] }),
        ],
        rejected: [{ origin: 'cb', at: START, reason: 'not JSON', raw: '' }],
        cursor: { source: 'cb', value: 1 },
      };
      await expect(store.accept(batch)).rejects.toThrow(StoreFault);
      expect(await snapshotOf(store)).toEqual(before);
      expect(await store.query.cursor('cb')).toBeUndefined();
    });
  });

  describe('once', () => {
    const bench = benchFor(open);
    const HOUR = 3_600_000;
    const wakeOf = (run: string, ...keys: readonly string[]): Wake => ({
      birth: birthOf(run),
      once: { keys, until: START + HOUR },
    });
    const accept = async (event: string, ...wakes: readonly Wake[]) => {
      const [intake] = await bench.store.accept(batchOf(acceptedOf(event, { wakes })));
      return intake?.kind === 'accepted' ? [...intake.births.map(({ facts }) => facts.run), ...intake.suppressed] : [];
    };

    test('a run whose key is taken is suppressed, and the run that took it counts it', async () => {
      expect(await accept('e1', wakeOf('r1', 'a'))).toEqual(['r1']);
      expect(await accept('e2', wakeOf('r2', 'a'))).toEqual([{ playbook: 'block-host', by: 'r1' }]);
      expect(await accept('e3', wakeOf('r3', 'a'))).toEqual([{ playbook: 'block-host', by: 'r1' }]);
      expect(await bench.store.query.run(runId('r2'))).toBeUndefined();
      expect(await bench.store.query.run(runId('r1'))).toMatchObject({ suppressed: 2 });
      expect(await bench.store.query.runs({ limit: 10 })).toMatchObject([{ run: 'r1', suppressed: 2 }]);
    });

    test('one taken key of several is enough, and a suppressed run takes none of the others', async () => {
      await accept('e1', wakeOf('r1', 'a'));
      expect(await accept('e2', wakeOf('r2', 'b', 'a'))).toEqual([{ playbook: 'block-host', by: 'r1' }]);
      expect(await accept('e3', wakeOf('r3', 'b'))).toEqual(['r3']);
    });

    test('a run suppresses the later ones of its own batch', async () => {
      expect(await accept('e1', wakeOf('r1', 'a'), wakeOf('r2', 'a'))).toEqual([
        'r1',
        { playbook: 'block-host', by: 'r1' },
      ]);
    });

    test('a window that is over by the clock of the store suppresses nothing', async () => {
      await accept('e1', wakeOf('r1', 'a'));
      bench.clock.moveTo(START + HOUR - 1);
      expect(await accept('e2', wakeOf('r2', 'a'))).toEqual([{ playbook: 'block-host', by: 'r1' }]);
      bench.clock.moveTo(START + HOUR);
      expect(await accept('e3', wakeOf('r3', 'a'))).toEqual(['r3']);
    });

    test.for<[RunEnd, boolean]>([
      ['done', false],
      ['partial', false],
      ['failed', true],
      ['cancelled', true],
    ])('a run that ended %s gives its keys back: %s', async ([status, frees]) => {
      await accept('e1', wakeOf('r1', 'a', 'b'));
      await bench.store.commit([turnOf('r1', 1, [ended(status)], { status })]);
      expect(await accept('e2', wakeOf('r2', 'b'))).toEqual(frees ? ['r2'] : [{ playbook: 'block-host', by: 'r1' }]);
    });
  });

  describe('wake', () => {
    const bench = benchFor(open);

    test('a run is born without an event', async () => {
      const { store } = bench;
      expect(await store.wake([{ birth: birthOf('r1') }])).toEqual({ births: [birthOf('r1')], suppressed: [] });
      expect(await store.query.run(runId('r1'))).toMatchObject({ birth: birthOf('r1'), head: QUEUED });
    });

    test('a run that is known is not born again, and its birth is given back as it was', async () => {
      const { store } = bench;
      const once = { keys: ['a'], until: START + 1 };
      await store.wake([{ birth: birthOf('r1'), once }]);
      const before = await snapshotOf(store);
      const again = { birth: birthOf('r1', { playbook: 'another' }), once };
      expect(await store.wake([again])).toEqual({ births: [birthOf('r1')], suppressed: [] });
      expect(await snapshotOf(store)).toEqual(before);
    });

    test('keys taken by a run that an event woke suppress one without an event, and the other way round', async () => {
      const { store } = bench;
      const wakeOf = (run: string, key: string) => ({
        birth: birthOf(run),
        once: { keys: [key], until: START + 1 },
      });
      await store.accept(batchOf(acceptedOf('e1', { wakes: [wakeOf('r1', 'a')] })));
      expect(await store.wake([wakeOf('r2', 'a'), wakeOf('r3', 'b')])).toMatchObject({
        births: [{ facts: { run: 'r3' } }],
        suppressed: [{ by: 'r1' }],
      });
      const [intake] = await store.accept(batchOf(acceptedOf('e2', { wakes: [wakeOf('r4', 'b')] })));
      expect(intake).toMatchObject({ births: [], suppressed: [{ by: 'r3' }] });
    });
  });
}
