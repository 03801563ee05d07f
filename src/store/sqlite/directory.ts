import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StoreTrouble } from '../../engine/ports.ts';

/** A directory that only its owner may enter. One that was there before keeps the mode that somebody gave it. */
export function createDirectory(directory: string): void {
  const path = resolve(directory);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new StoreTrouble(`${directory} is a file: the data needs a directory`);
  }
  const first = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) syncDirectory(dirname(made));
}

/**
 * A file that only its owner may read, whether it was there before or not. One that is there is not opened: closing it
 * again would let go of all locks that this process has on it (fcntl(2), "advisory record locking").
 */
export function createPrivateFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
    syncDirectory(dirname(file));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    chmodSync(file, 0o600);
  }
}

/** E1: a file is on disk when its name is, too. SQLite sees to that only for the files that it creates. */
function syncDirectory(directory: string): void {
  // Windows does not open directories, and writes their entries through.
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
