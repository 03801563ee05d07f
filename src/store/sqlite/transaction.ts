import type { DatabaseSync } from 'node:sqlite';

/** All of it or nothing. The one writer's lock is taken before the first read, so what was read stays true until the end. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // Some errors (a full disk, say) have rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
