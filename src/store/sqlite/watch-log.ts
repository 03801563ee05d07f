import { statSync } from 'node:fs';
import type { Log } from '../../base/service.ts';

/** Twice what the log is cut back to after a checkpoint (`journal_size_limit`). */
const TOO_LONG = 128 * 1024 * 1024;

/** The log cannot be folded into the database while somebody reads an old state of it; then it only grows. */
export function watchLog(file: string, log: Log): void {
  const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > TOO_LONG)
    log.warn({ bytes }, 'the write-ahead log does not shrink: some process keeps the store open for reading');
}
