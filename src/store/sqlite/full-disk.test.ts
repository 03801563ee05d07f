import { afterEach, beforeEach, expect, test } from 'vitest';
import { Disk } from '../../../test/conformance/store/disk.ts';
import { begin, runId, told, turnOf } from '../../../test/conformance/store/kit.ts';
import { snapshotOf } from '../../../test/conformance/store/snapshot.ts';
import type { Turn } from '../../engine/ports.ts';
import { StoreTrouble } from '../../engine/ports.ts';

let disk: Disk;
beforeEach(() => {
  disk = new Disk();
});
afterEach(() => disk.remove());

/** A turn of 400 KiB. */
function longTurn(run: string, seq: number): Turn {
  const detail = { kind: 'bug', message: 'x'.repeat(400 * 1024), stack: '' } as const;
  return turnOf(run, seq, [told, detail]);
}

function roomFor(pages: number): void {
  const row = disk.database.prepare('PRAGMA page_count').get();
  disk.database.exec(`PRAGMA max_page_count = ${Number(row?.['page_count']) + pages}`);
}

test('what does not fit on the disk is trouble that says so, and nothing of it is written', async () => {
  await begin(disk.store, 'e1', 'r1');
  const before = await snapshotOf(disk.store);
  roomFor(10);
  const trouble = await disk.store.commit([longTurn('r1', 1)]).catch((error: unknown) => error);
  expect(trouble).toBeInstanceOf(StoreTrouble);
  expect(trouble).toMatchObject({ message: 'the disk is full: make room, nothing of this was written' });
  expect(await snapshotOf(disk.store)).toEqual(before);
});

test('the store works again when there is room', async () => {
  await begin(disk.store, 'e1', 'r1');
  roomFor(10);
  await expect(disk.store.commit([longTurn('r1', 1)])).rejects.toThrow(StoreTrouble);
  roomFor(1_000);
  await disk.store.commit([longTurn('r1', 1)]);
  const store = await disk.reopen();
  expect((await store.query.records(runId('r1'))).map(({ seq }) => seq)).toEqual([0, 1, 2]);
});

test('of calls at the same time, those that fit are written', async () => {
  await begin(disk.store, 'e1', 'r1', 'r2', 'r3');
  roomFor(10);
  const settled = await Promise.allSettled([
    disk.store.commit([turnOf('r1', 1, [told])]),
    disk.store.commit([longTurn('r2', 1)]),
    disk.store.commit([turnOf('r3', 1, [told])]),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await disk.store.query.counts()).toMatchObject({ runs: { open: 2, queued: 1 } });
});

test('a store that could not write is not ready, until it writes again or ten seconds have passed', async () => {
  await begin(disk.store, 'e1', 'r1');
  roomFor(10);
  await disk.store.ready();
  await expect(disk.store.commit([longTurn('r1', 1)])).rejects.toThrow(StoreTrouble);
  await expect(disk.store.ready()).rejects.toThrow('the disk is full');
  await disk.store.commit([turnOf('r1', 1, [told])]);
  await disk.store.ready();
  await expect(disk.store.commit([longTurn('r1', 2)])).rejects.toThrow(StoreTrouble);
  disk.clock.moveTo(disk.clock.now() + 9_999);
  await expect(disk.store.ready()).rejects.toThrow('the disk is full');
  disk.clock.moveTo(disk.clock.now() + 1);
  await disk.store.ready();
});
