import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreTrouble } from '../../engine/ports.ts';
import { createPrivateFile } from './directory.ts';
import { isBusy } from './trouble.ts';

/**
 * Makes this process the only one on a data directory, until it lets go or dies: a transaction on a database of its own
 * that never ends. Its lock is the operating system's and goes with the process, so none is left behind by a crash.
 * Nothing in this process may open the files of a store but SQLite: closing them again would let go of its locks.
 */
export function lockDirectory(directory: string): { release(): void } {
  const file = join(directory, 'lock.db');
  createPrivateFile(file);
  const lock = new DatabaseSync(file);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    throw new StoreTrouble(
      `${directory} is in use by another process: stop that one, or give this one a data directory of its own`,
      { cause: error },
    );
  }
  return {
    release() {
      if (lock.isOpen) lock.close();
    },
  };
}
