import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';

/** A directory that only its owner may enter. One that was there before keeps the mode that somebody gave it. */
export function createDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
}

/** A file that only its owner may read, whether it was there before or not. */
export function createPrivateFile(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}
