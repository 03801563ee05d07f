import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { begin, START } from '../../../test/conformance/store/kit.ts';
import { SimulatedClock } from '../../base/clock.ts';
import { silentLog } from '../../base/service.ts';
import { StoreTrouble } from '../../engine/ports.ts';
import { openSqliteStore } from './sqlite.ts';

let parent: string;
let directory: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'backline-sqlite-'));
  directory = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true }));

const open = () => openSqliteStore({ directory, clock: new SimulatedClock(START), log: silentLog });
const file = () => join(directory, 'backline.db');

test('directory and files are for their owner only', async () => {
  const store = await open();
  await begin(store, 'e1', 'r1');
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect(mode(directory)).toBe('700');
  const files = ['backline.db', 'backline.db-wal', 'backline.db-shm', 'lock.db'];
  expect(files.map(name => mode(join(directory, name)))).toEqual(['600', '600', '600', '600']);
  await store.close();
});

test('a directory that is in use is refused by name, until it is let go', async () => {
  const store = await open();
  await expect(open()).rejects.toThrow(
    new StoreTrouble(
      `${directory} is in use by another process: stop that one, or give this one a data directory of its own`,
    ),
  );
  await begin(store, 'e1', 'r1');
  await store.close();
  const second = await open();
  expect(await second.query.lastEventSeq()).toBe(1);
  await second.close();
});

test('a store that a newer release wrote is refused and left as it is', async () => {
  await (await open()).close();
  const newer = new DatabaseSync(file());
  newer.exec('PRAGMA user_version = 1000');
  newer.close();
  const before = readFileSync(file());
  await expect(open()).rejects.toThrow(/was written by a newer release \(store version 1000, this one knows \d+\)/);
  expect(readFileSync(file()).equals(before)).toBe(true);
});

test("another program's database is refused and left as it is", async () => {
  await (await open()).close();
  rmSync(file());
  const foreign = new DatabaseSync(file());
  foreign.exec('CREATE TABLE note (text TEXT)');
  foreign.close();
  const before = readFileSync(file());
  await expect(open()).rejects.toThrow(/is not a Backline store/);
  expect(readFileSync(file()).equals(before)).toBe(true);
});

test('a file where the data is to be is refused by name', async () => {
  writeFileSync(directory, 'mine');
  await expect(open()).rejects.toThrow(`${directory} is a file: the data needs a directory`);
  expect(readFileSync(directory, 'utf8')).toBe('mine');
});

test('what is no database at all is trouble, and the directory is let go', async () => {
  await (await open()).close();
  rmSync(file());
  writeFileSync(file(), 'this is a text file, and a long one, since a short one could be an empty database'.repeat(20));
  await expect(open()).rejects.toThrow(StoreTrouble);
  rmSync(file());
  await (await open()).close();
});
