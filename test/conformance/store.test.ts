import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/base/service.ts';
import { createMemoryStore } from '../../src/store/memory/memory.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';
import { describeStore } from './store.ts';
import type { OpenStore } from './store/kit.ts';

const inMemory: OpenStore = async clock => {
  const store = createMemoryStore({ clock });
  return { store, dispose: () => store.close() };
};

const onDisk: OpenStore = async clock => {
  const directory = await mkdtemp(join(tmpdir(), 'backline-store-'));
  const open = () => openSqliteStore({ directory, clock, log: silentLog });
  let store = await open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await open();
      return store;
    },
    dispose: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
};

describeStore('the memory store', inMemory, 'in memory');
describeStore('the SQLite store', onDisk, 'on disk');
