import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StoreTrouble } from '../../engine/ports.ts';
import { createPrivateFile } from './directory.ts';
import { MIGRATIONS } from './schema.ts';
import { inTransaction } from './transaction.ts';

/** "BLNE", so that another program's database is not taken for a store. */
const APPLICATION_ID = 0x424c4e45;

/**
 * Opens or creates the database file (mode 0600) and brings its schema up to date. Throws {@link StoreTrouble}, and
 * leaves the file as it is, where a newer build or another program wrote it.
 */
export function openDatabase(file: string): DatabaseSync {
  if (existsSync(file)) refuseForeign(file);
  // SQLite gives its companions (-wal, -shm) the mode of the file.
  createPrivateFile(file);
  const database = new DatabaseSync(file, { timeout: 1_000 });
  try {
    configure(database);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function refuseForeign(file: string): void {
  // Read only, so that not even a log left behind by a crash is folded into a file that is not ours.
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const version = pragma(database, 'user_version');
    if (version > MIGRATIONS.length) {
      throw new StoreTrouble(
        `${file} was written by a newer release (store version ${version}, this one knows ${MIGRATIONS.length}): start that release, or restore a backup from before it`,
      );
    }
    const application = pragma(database, 'application_id');
    if (application !== APPLICATION_ID && (application !== 0 || pragma(database, 'schema_version') !== 0)) {
      throw new StoreTrouble(`${file} is not a Backline store: choose another data directory`);
    }
  } finally {
    database.close();
  }
}

function configure(database: DatabaseSync): void {
  // Has to come first: it is fixed once the log is on. 4 KiB is the page of disks and kernels. A turn touches many pages
  // and writes little to each, so larger ones put more bytes through the log; 8 and 16 KiB gained nothing with 1 or 10
  // turns at once, and at most a fifth with 50 (bench/store.ts).
  database.exec('PRAGMA page_size = 4096');
  database.exec('PRAGMA journal_mode = WAL');
  // E1: a commit is on disk when it returns.
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA wal_autocheckpoint = 1000');
  database.exec(`PRAGMA journal_size_limit = ${64 * 1024 * 1024}`);
  database.exec(`PRAGMA cache_size = ${-32 * 1024}`);
}

function migrate(database: DatabaseSync): void {
  for (let version = pragma(database, 'user_version'); version < MIGRATIONS.length; version++) {
    inTransaction(database, () => {
      database.exec(MIGRATIONS[version] ?? '');
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      database.exec(`PRAGMA user_version = ${version + 1}`);
    });
  }
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id' | 'schema_version'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
