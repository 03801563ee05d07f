import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SimulatedClock } from '../../base/clock.ts';
import { StoreTrouble } from '../../engine/ports.ts';
import { Group } from './group.ts';

let database: DatabaseSync;
let group: Group;
const insert = (value: number) => () => Number(database.prepare('INSERT INTO t VALUES (?)').run(value).lastInsertRowid);
const values = () =>
  database
    .prepare('SELECT value FROM t ORDER BY rowid')
    .all()
    .map(row => row['value']);

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE t (value INTEGER UNIQUE) STRICT');
  group = new Group(database, new SimulatedClock(0));
});
afterEach(() => {
  if (database.isOpen) database.close();
});

test('calls of one turn of the event loop share a transaction, and are answered after it', async () => {
  const exec = vi.spyOn(database, 'exec');
  const calls = [1, 2, 3].map(value => group.run(insert(value)));
  expect(exec).not.toHaveBeenCalled();
  expect(await Promise.all(calls)).toEqual([1, 2, 3]);
  expect(exec.mock.calls.flat()).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
});

test('a call that fails takes no other with it, and leaves nothing', async () => {
  const poison = () => {
    insert(9)();
    throw new StoreTrouble('our fault');
  };
  const settled = await Promise.allSettled([group.run(insert(1)), group.run(poison), group.run(insert(2))]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(values()).toEqual([1, 2]);
});

test('faults of ours stay what they are, and are no trouble of the disk', async () => {
  await group.run(insert(1));
  await expect(group.run(insert(1))).rejects.toMatchObject({ code: 'ERR_SQLITE_ERROR' });
  const bug = new TypeError('ours');
  const throwing = () => {
    throw bug;
  };
  await expect(group.run(throwing)).rejects.toBe(bug);
  expect(group.trouble).toBeUndefined();
});

test('a loop of commits leaves timers and sockets their turn', async () => {
  let turns = 0;
  let running = true;
  const other = (): void => {
    turns++;
    if (running) setImmediate(other);
  };
  setImmediate(other);
  for (let value = 0; value < 100; value++) await group.run(insert(value));
  running = false;
  expect(turns).toBeGreaterThanOrEqual(99);
});

test('closing answers what was asked for, and refuses what comes after', async () => {
  const asked = group.run(insert(1));
  group.close();
  await expect(group.run(insert(2))).rejects.toThrow(StoreTrouble);
  expect(await asked).toBe(1);
  expect(values()).toEqual([1]);
});
