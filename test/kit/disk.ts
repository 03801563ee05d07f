import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/service.ts';
import type { Store } from '../../src/engine/ports.ts';
import { createMemoryStore } from '../../src/store/memory/memory.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite.ts';

/** What outlives a process. */
export interface Disk {
  readonly directory?: string;
  open(clock: Clock): Promise<Store>;
  /** The process is gone; the disk is not. */
  release(): Promise<void>;
  remove(): Promise<void>;
}

export const DISKS = ['memory', 'sqlite'] as const;

export function createDisk(kind: (typeof DISKS)[number]): Disk {
  return kind === 'memory' ? memoryDisk() : sqliteDisk();
}

/** A memory store that is kept is as good as a disk to an engine that starts on it. */
function memoryDisk(): Disk {
  let store: Store | undefined;
  return {
    open: async clock => (store ??= createMemoryStore({ clock })),
    release: async () => {},
    remove: async () => store?.close(),
  };
}

function sqliteDisk(): Disk {
  const directory = mkdtempSync(join(tmpdir(), 'backline-test-'));
  let store: Store | undefined;
  return {
    directory,
    async open(clock) {
      store = await openSqliteStore({ directory, clock, log: silentLog });
      return store;
    },
    release: async () => store?.close(),
    async remove() {
      await store?.close();
      rmSync(directory, { recursive: true });
    },
  };
}
