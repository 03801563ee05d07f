import { afterEach, beforeEach, expect, test } from 'vitest';
import { Disk } from '../../../test/conformance/store/disk.ts';
import { seenAs } from '../../../test/conformance/store/hosts.ts';
import { batchOf } from '../../../test/conformance/store/kit.ts';
import { HOST_RULES, nameMark, sensorMark } from '../../event/identity.ts';

let disk: Disk;
beforeEach(() => {
  disk = new Disk();
});
afterEach(() => disk.remove());

/** Rows of marks that lead to no host. */
const astray = () =>
  disk.database.prepare('SELECT count(*) AS n FROM mark WHERE host NOT IN (SELECT id FROM host)').get()?.['n'];

test('a host that no event names again is forgotten and counted, and what led to it leads to nobody', async () => {
  await disk.store.accept(batchOf(seenAs('e1', 'fin-1', { name: 'fin-1', sensor: 'cb/31' })));
  disk.clock.moveTo(disk.clock.now() + HOST_RULES.forget - 86_400_000);
  await disk.reopen();
  expect(await disk.store.query.counts()).toMatchObject({ hosts: 1, hostsForgotten: 0 });
  disk.clock.moveTo(disk.clock.now() + 2 * 86_400_000);
  await disk.reopen();
  expect(await disk.store.query.counts()).toMatchObject({ hosts: 0, hostsForgotten: 1 });
  await disk.store.accept(batchOf(seenAs('e2', 'hr-7', { name: 'hr-7' })));
  expect(await disk.store.query.known([nameMark('fin-1'), sensorMark('31')])).toEqual({ hosts: [], count: 1 });
  expect(astray()).toBe(0);
});

test('a host that becomes part of another leaves nothing behind', async () => {
  await disk.store.accept(batchOf(seenAs('e1', 'sensor:31', { sensor: 'cb/31', ip: '10.0.0.5' })));
  await disk.store.accept(batchOf(seenAs('e2', 'fin-1', { name: 'fin-1' })));
  await disk.store.accept(batchOf(seenAs('e3', 'fin-1', { name: 'fin-1', sensor: 'cb/31' })));
  expect(await disk.store.query.counts()).toMatchObject({ hosts: 1 });
  expect(astray()).toBe(0);
});
