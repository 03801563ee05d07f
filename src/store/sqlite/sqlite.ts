import { join } from 'node:path';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/service.ts';
import type { Store } from '../../engine/ports.ts';
import { openDatabase } from './database.ts';
import { createDirectory } from './directory.ts';
import { lockDirectory } from './lock.ts';
import { sqliteStore } from './store.ts';
import { troubleOf } from './trouble.ts';

/**
 * The store of a single daemon: one SQLite file in a directory that belongs to this process alone. Directory and files
 * are created with modes that let nobody else read them. Calls are group-committed; a promise that resolved is on disk.
 * Rejects with `StoreTrouble` where the directory is in use, the disk is full, or a newer release wrote the store, which
 * is then left as it is. Not for network file systems: their locks and syncs cannot be trusted.
 */
export async function openSqliteStore(options: {
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Store> {
  const { directory, clock, log } = options;
  createDirectory(directory);
  const lock = lockDirectory(directory);
  try {
    const store = openStore(join(directory, 'backline.db'), { clock, log });
    log.info({ directory }, 'the store is open');
    return {
      ...store,
      close: async () => {
        await store.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw troubleOf(error);
  }
}

function openStore(file: string, world: { readonly clock: Clock; readonly log: Log }): Store {
  const database = openDatabase(file);
  try {
    return sqliteStore({ database, ...world });
  } catch (error) {
    database.close();
    throw error;
  }
}
