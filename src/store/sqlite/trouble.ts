import { StoreTrouble } from '../../engine/ports.ts';

/** SQLITE_FULL and SQLITE_BUSY (sqlite.org/rescode.html); the extended codes have more bits. */
const FULL = 13;
const BUSY = 5;

/** What the database could not do becomes trouble that says what to do; our own faults stay as they are. */
export function troubleOf(error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  const cause = { cause: error };
  if (code === FULL) return new StoreTrouble('the disk is full: make room, nothing of this was written', cause);
  return new StoreTrouble(`the database could not do it: ${error instanceof Error ? error.message : code}`, cause);
}

export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}

function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}
