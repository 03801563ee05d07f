import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDiskKeeper } from './disk.ts';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'backline-feeds-')), 'feeds');
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

const KEPT = {
  version: 3,
  entries: [
    { value: '203.0.113.9', added: 1, version: 2, expires: 5, note: 'run 7' },
    { value: '203.0.113.10', added: 1, version: 3 },
  ],
};

test('a feed is had again as it was kept, after a restart too, and nobody else can read it', async () => {
  const keeper = await openDiskKeeper(directory);
  expect(await keeper.load('blocked')).toBeUndefined();
  await keeper.save('blocked', { version: 1, entries: [] });
  await keeper.save('blocked', KEPT);
  expect(await (await openDiskKeeper(directory)).load('blocked')).toEqual(KEPT);
  expect(readdirSync(directory)).toEqual(['blocked.json']);
  expect(statSync(join(directory, 'blocked.json')).mode & 0o777).toBe(0o600);
});

test.each([
  '{}',
  '{"version":1,"entries":[{"value":1}]}',
  '{"version":1,"entries":[{"value":"x","added":1,"version":"2"}]}',
  '{',
])('a file that makes no sense is no empty list: %s', async text => {
  const keeper = await openDiskKeeper(directory);
  writeFileSync(join(directory, 'blocked.json'), text);
  await expect(keeper.load('blocked')).rejects.toThrow();
});
