import { afterEach, beforeEach, expect, test } from 'vitest';
import { Disk } from '../../../test/conformance/store/disk.ts';
import {
  acceptedOf,
  batchOf,
  begin,
  birthOf,
  ended,
  holdOf,
  inputOf,
  intended,
  runId,
  START,
  turnOf,
  versionId,
} from '../../../test/conformance/store/kit.ts';
import { RETENTION } from './prune.ts';

let disk: Disk;
beforeEach(() => {
  disk = new Disk();
});
afterEach(() => disk.remove());

const end = (run: string, seq = 1) => turnOf(run, seq, [ended('done')], { status: 'done' });
const later = () => disk.clock.moveTo(START + RETENTION + 1);
const positions = async () =>
  (await disk.store.query.eventsSince(0, ['carbonblack.alert'], 10_000)).map(({ seq }) => seq);

test('events are kept for as long as it was promised, and positions go on after them', async () => {
  await begin(disk.store, 'e1');
  disk.clock.moveTo(START + RETENTION);
  await disk.reopen();
  expect(await positions()).toEqual([1]);
  later();
  const store = await disk.reopen();
  expect(await positions()).toEqual([]);
  expect(await store.query.lastEventSeq()).toBe(1);
  expect(await store.query.counts()).toMatchObject({ events: 1 });
  expect(await begin(store, 'e1')).toMatchObject({ kind: 'accepted', seq: 2 });
});

test('what an unfinished run may look back at stays until its end', async () => {
  await begin(disk.store, 'e1');
  await begin(disk.store, 'e2', 'r1');
  await begin(disk.store, 'e3');
  later();
  const store = await disk.reopen();
  expect(await positions()).toEqual([2, 3]);
  await store.commit([end('r1')]);
  await disk.reopen();
  expect(await positions()).toEqual([]);
});

test('a run that no event woke keeps what was accepted since its birth', async () => {
  await begin(disk.store, 'e1');
  await begin(disk.store, 'e2');
  await disk.store.wake([{ birth: birthOf('r1') }]);
  await begin(disk.store, 'e3');
  later();
  await disk.reopen();
  expect(await positions()).toEqual([2, 3]);
});

test('what a hold waits for stays while it stands', async () => {
  await begin(disk.store, 'e1');
  await begin(disk.store, 'e2', 'r1');
  await begin(disk.store, 'e3');
  const holds = [2, 3].map(since => ({ ...holdOf('block', 'r1', `since ${since}`), since }));
  const add = holds.map(hold => ({ kind: 'hold-added', hold }) as const);
  await disk.store.commit([turnOf('r1', 1, add), end('r1', 3)]);
  later();
  await disk.reopen();
  expect(await positions()).toEqual([2, 3]);
});

test('dead letters, granted budgets and keys that are over go', async () => {
  const once = { keys: ['a'], until: START + 1 };
  await disk.store.accept({
    events: [acceptedOf('e1', { wakes: [{ birth: birthOf('r1'), once }] })],
    rejected: [{ origin: 'cb', at: START, reason: 'not JSON', raw: '' }],
  });
  const budget = { kind: 'budget', rule: 'isolations', most: 1, window: 1 } as const;
  await disk.store.commit([turnOf('r1', 1, [{ body: intended('a'), claims: [budget] }])]);
  later();
  const store = await disk.reopen();
  expect(await store.query.rejected(10)).toEqual([]);
  expect(await store.query.counts()).toMatchObject({ rejected: 1 });
  expect(await store.query.budget('isolations', Infinity)).toBe(0);
  const left = disk.database.prepare('SELECT count(*) AS count FROM once').get();
  expect(left).toMatchObject({ count: 0 });
});

test('an input that was consumed is known for as long as it was promised, and until the end of its run', async () => {
  await begin(disk.store, 'e1', 'r1', 'r2');
  await disk.store.deliver([inputOf('r1', 'i1'), inputOf('r2', 'i1'), inputOf('r2', 'i2')]);
  await disk.store.commit([turnOf('r1', 1, [], { consumed: ['i1'] }), turnOf('r2', 1, [], { consumed: ['i1'] })]);
  await disk.store.commit([end('r2')]);
  later();
  const store = await disk.reopen();
  const again = [inputOf('r1', 'i1'), inputOf('r2', 'i1'), inputOf('r2', 'i2')];
  expect(await store.deliver(again)).toEqual(['duplicate', 'delivered', 'duplicate']);
});

test('old events also go while the store is open', async () => {
  await begin(disk.store, 'e1');
  later();
  const fresh = Array.from({ length: 1_000 }, (_, index) => acceptedOf(`fresh ${index}`));
  await disk.store.accept(batchOf(...fresh));
  expect((await positions())[0]).toBe(2);
});

test('a version stays while it is the newest of its playbook, or a run, an input or a hold needs it', async () => {
  const names = ['old', 'run', 'ended', 'input', 'hold', 'newest'];
  await disk.store.note(
    [...names, 'other'].map(name => ({
      kind: 'version',
      playbook: name === 'other' ? 'hunt-c2' : 'block-host',
      version: versionId(name),
      compiled: {},
    })),
  );
  await disk.store.wake(['run', 'ended', 'input', 'hold'].map(name => ({ birth: birthOf(name, { version: name }) })));
  await disk.store.commit([
    end('ended'),
    end('input'),
    turnOf('hold', 1, [{ kind: 'hold-added', hold: holdOf('block', 'hold', 'feed') }]),
    end('hold', 2),
  ]);
  await disk.store.deliver([inputOf('input', 'i1')]);
  const { query } = await disk.reopen();
  const kept = await Promise.all(
    [...names, 'other'].map(async name => ((await query.version(versionId(name))) ? [name] : [])),
  );
  expect(kept.flat()).toEqual(['run', 'input', 'hold', 'newest', 'other']);
  expect(await query.run(runId('hold'))).toBeDefined();
});
