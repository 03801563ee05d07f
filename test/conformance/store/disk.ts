import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { SimulatedClock } from '../../../src/base/clock.ts';
import { silentLog } from '../../../src/base/service.ts';
import type { Store } from '../../../src/engine/ports.ts';
import { openDatabase } from '../../../src/store/sqlite/database.ts';
import { sqliteStore } from '../../../src/store/sqlite/store.ts';
import { START } from './kit.ts';

/** A store in a directory of its own, with its database at hand. */
export class Disk {
  readonly clock = new SimulatedClock(START);
  readonly #directory = mkdtempSync(join(tmpdir(), 'backline-disk-'));
  #open: { database: DatabaseSync; store: Store };

  constructor() {
    this.#open = this.#openFile();
  }

  get store(): Store {
    return this.#open.store;
  }

  get database(): DatabaseSync {
    return this.#open.database;
  }

  async reopen(): Promise<Store> {
    await this.store.close();
    this.#open = this.#openFile();
    return this.store;
  }

  async remove(): Promise<void> {
    await this.store.close();
    rmSync(this.#directory, { recursive: true });
  }

  #openFile() {
    const database = openDatabase(join(this.#directory, 'backline.db'));
    return { database, store: sqliteStore({ database, clock: this.clock, log: silentLog }) };
  }
}
