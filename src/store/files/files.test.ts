import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SimulatedClock } from '../../base/clock.ts';
import type { FileValue, Files } from '../../base/file.ts';
import { fileSchema, fileValueOf } from '../../base/file.ts';
import { validate } from '../../base/schema.ts';
import type { Log } from '../../base/service.ts';
import { silentLog } from '../../base/service.ts';
import type { DiskFiles, FileLimits } from './disk.ts';
import { openDiskFiles } from './disk.ts';
import { memoryFiles } from './memory.ts';

const NINE = Date.parse('2026-11-24T09:00:00Z');
const DAY = 86_400_000;
const MZ = Buffer.from('MZ and what follows');
const OTHER = Buffer.from('another program');

let directory: string;
let clock: SimulatedClock;
const open: DiskFiles[] = [];
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'backline-files-')), 'files');
  clock = new SimulatedClock(NINE);
});
afterEach(async () => {
  for (const files of open.splice(0)) await files.close();
  rmSync(join(directory, '..'), { recursive: true });
});

async function onDisk(limits: Partial<FileLimits> = {}, log: Log = silentLog): Promise<DiskFiles> {
  const files = await openDiskFiles({
    directory,
    limits: { largest: 1_000, total: 10_000, keep: 30 * DAY, ...limits },
    clock,
    log,
  });
  open.push(files);
  return files;
}

describe.each<[string, () => Promise<Files>]>([
  ['in memory', async () => memoryFiles()],
  ['on disk', () => onDisk()],
])('files %s', (_, openFiles) => {
  test('are had again by their value, which says nothing of their content but its hashes', async () => {
    const files = await openFiles();
    const file = await files.keep(MZ, 'C:\\Users\\x\\dropper.exe');
    expect(file).toEqual({
      name: 'dropper.exe',
      size: 19,
      hash: {
        md5: '1f58722d06318f8ae7cb5145486f4db7',
        sha1: '98649f04a3cfdc7e652c0ab565f752c9a789bbb8',
        sha256: '0ff934179035f20cd707c17d5e3b1045d77fe384b961ce236d4a4864f709cf53',
      },
    });
    expect(validate(fileSchema, file)).toEqual([]);
    expect(Buffer.from(await files.read(JSON.parse(JSON.stringify(file)) as FileValue))).toEqual(MZ);
  });

  test('are kept once, under whichever names', async () => {
    const files = await openFiles();
    const [a, b] = [await files.keep(MZ, 'a.exe'), await files.keep(MZ, 'b.exe')];
    expect(a.hash).toEqual(b.hash);
    expect(b.name).toBe('b.exe');
  });

  test('that are not kept are not found', async () => {
    const files = await openFiles();
    await expect(files.read(fileValueOf(MZ, 'a.exe'))).rejects.toMatchObject({ reason: 'not-found' });
  });
});

test.each([
  ['../../etc/passwd', 'passwd'],
  ['C:\\Windows\\a.exe', 'a.exe'],
  ['invoice\u202Efdp.exe', 'invoicefdp.exe'],
  ['a\r\nb\0.exe', 'ab.exe'],
  ['x'.repeat(300), 'x'.repeat(255)],
])('a name is only a name: %j', (given, name) => {
  expect(fileValueOf(MZ, given).name).toBe(name);
});

test.each(['', '..\\', '\n'])('where there is none, the hash is one: %j', name => {
  const file = fileValueOf(MZ, name);
  expect(file.name).toBe(file.hash.sha256);
});

describe('on disk', () => {
  test('the bytes are there after a restart, and nobody else can read them', async () => {
    const file = await (await onDisk()).keep(MZ, 'a.exe');
    expect(Buffer.from(await (await onDisk()).read(file))).toEqual(MZ);
    expect(readdirSync(directory)).toEqual([file.hash.sha256]);
    expect(statSync(join(directory, file.hash.sha256)).mode & 0o777).toBe(0o600);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test('what was changed is not what was kept, and is put right when it is kept again (F2)', async () => {
    const files = await onDisk();
    const file = await files.keep(MZ, 'a.exe');
    truncateSync(join(directory, file.hash.sha256), 3);
    await expect(files.read(file)).rejects.toMatchObject({ reason: 'not-found' });
    await files.keep(MZ, 'a.exe');
    expect(Buffer.from(await files.read(file))).toEqual(MZ);
  });

  test('what is too large is refused, and nothing of it is kept', async () => {
    const files = await onDisk({ largest: MZ.length - 1 });
    await expect(files.keep(MZ, 'a.exe')).rejects.toMatchObject({
      reason: 'rejected',
      message: 'the file has 19 bytes, and at most 18 are kept of one',
    });
    expect(readdirSync(directory)).toEqual([]);
  });

  test('what was not used for long enough goes, and a use counts (F3)', async () => {
    const files = await onDisk();
    const used = await files.keep(MZ, 'a.exe');
    const unused = await files.keep(OTHER, 'b.exe');
    clock.moveTo(NINE + 20 * DAY);
    await files.read(used);
    clock.moveTo(NINE + 31 * DAY);
    await files.sweep();
    expect(readdirSync(directory)).toEqual([used.hash.sha256]);
    await expect(files.read(unused)).rejects.toMatchObject({ reason: 'not-found' });
  });

  test('the folder is swept by itself', async () => {
    const files = await onDisk();
    await files.keep(MZ, 'a.exe');
    clock.moveTo(NINE + 31 * DAY);
    clock.fireNext();
    await files.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('beyond the total those go that were not used for longest, and the log says so', async () => {
    const said: object[] = [];
    const warn = (facts: object): void => void said.push(facts);
    const files = await onDisk({ total: MZ.length + OTHER.length }, { ...silentLog, warn });
    await files.keep(MZ, 'a.exe');
    clock.moveTo(NINE + 1_000);
    const second = await files.keep(OTHER, 'b.exe');
    clock.moveTo(NINE + 2_000);
    const third = await files.keep(Buffer.from('a third one'), 'c.exe');
    expect(readdirSync(directory).toSorted()).toEqual([second.hash.sha256, third.hash.sha256].toSorted());
    expect(said).toEqual([{ old: 0, beyond: 1, bytes: OTHER.length + 11 }]);
  });

  test('what was half-written when the power went is removed, and counts for nothing (F1)', async () => {
    const files = await onDisk();
    const file = fileValueOf(MZ, 'a.exe');
    writeFileSync(join(directory, `${file.hash.sha256}.0123456789ab.part`), MZ.subarray(0, 5));
    await expect(files.read(file)).rejects.toMatchObject({ reason: 'not-found' });
    clock.moveTo(Date.now() + DAY);
    await files.sweep();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('a hash in a value leads to no other file', async () => {
    const files = await onDisk();
    writeFileSync(join(directory, '..', 'secret'), 'x');
    for (const sha256 of ['../secret', '', '.']) {
      const file = { name: 'a', size: 1, hash: { md5: '', sha1: '', sha256 } };
      await expect(files.read(file)).rejects.toMatchObject({ reason: 'not-found' });
    }
  });

  test('a disk in trouble is worth another try', async () => {
    const files = await onDisk();
    rmSync(directory, { recursive: true });
    await expect(files.keep(MZ, 'a.exe')).rejects.toMatchObject({ reason: 'unavailable' });
  });
});
