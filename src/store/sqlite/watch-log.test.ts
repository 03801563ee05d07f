import { closeSync, mkdtempSync, openSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLog } from '../../base/service.ts';
import { watchLog } from './watch-log.ts';

const MIB = 1024 * 1024;
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'backline-log-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test.for([
  [undefined, 0],
  [64 * MIB, 0],
  [129 * MIB, 1],
] as const)('a write-ahead log of %s bytes is warned of %s times', ([bytes, times]) => {
  const file = join(directory, 'backline.db');
  if (bytes !== undefined) {
    closeSync(openSync(`${file}-wal`, 'w'));
    truncateSync(`${file}-wal`, bytes);
  }
  const warn = vi.fn();
  watchLog(file, { ...silentLog, warn });
  expect(warn.mock.calls).toHaveLength(times);
});
