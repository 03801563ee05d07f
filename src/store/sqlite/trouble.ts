import { StoreTrouble } from '../../engine/ports.ts';

/** Result codes (sqlite.org/rescode.html); the extended ones have more bits. */
const FULL = 13;
const BUSY = 5;
/** SQLITE_ERROR, CONSTRAINT, MISMATCH, MISUSE, RANGE: statements of ours that cannot work, today or tomorrow. */
const FAULTS = new Set([1, 19, 20, 21, 25]);

/** What the database could not do becomes trouble that says what to do; our own faults stay as they are. */
export function troubleOf(error: unknown): unknown {
  const code = resultCode(error);
  if (code === undefined || FAULTS.has(code)) return error;
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
