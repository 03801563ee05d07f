import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Instant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { Files } from '../../base/file.ts';
import { FileTrouble, fileValueOf } from '../../base/file.ts';
import type { Log } from '../../base/service.ts';
import { PARTIAL, writeWhole } from '../whole-file.ts';

/** How much is kept, and how long. */
export interface FileLimits {
  /** Of one file, in bytes. */
  readonly largest: number;
  /** Of all together, in bytes; those that were not used for longest go first. */
  readonly total: number;
  /** After the last use. */
  readonly keep: Milliseconds;
}

/** A folder of files, which belongs to one process. */
export interface DiskFiles extends Files {
  /** Removes what was not used for long enough, and what is too much. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface DiskFilesOptions {
  readonly directory: string;
  readonly limits: FileLimits;
  readonly clock: Clock;
  readonly log: Log;
}

const SWEEP_EVERY: Milliseconds = 3_600_000;
const KEPT = /^[0-9a-f]{64}$/;

/**
 * Bytes on disk, one file each, called by their SHA-256.
 *
 * F1  What `keep` has given a value for is on disk, whole, whatever happens then: written aside, synced, and renamed.
 * F2  What is read is what was kept: bytes that have another hash by now count as gone.
 * F3  A file's time is that of its last use, by our clock; by it files are let go.
 * F4  The bytes are hostile. Their names are made of their hash, nobody else can read them, and nothing here looks inside.
 */
export async function openDiskFiles({ directory, limits, clock, log }: DiskFilesOptions): Promise<DiskFiles> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  let isClosed = false;
  let cancel = (): void => {};
  let sweeping: Promise<void> = Promise.resolve();
  const schedule = (): void => {
    cancel = clock.alarm(clock.now() + SWEEP_EVERY, () => {
      void sweep().catch((error: unknown) => log.error({ err: error }, 'old files could not be removed'));
      if (!isClosed) schedule();
    });
  };
  schedule();

  async function touch(path: string): Promise<void> {
    const now = clock.now() / 1_000;
    await utimes(path, now, now); // F3
  }

  async function sweepOnce(): Promise<void> {
    const found: { readonly path: string; readonly size: number; readonly used: Instant }[] = [];
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      const stats = await statOf(path);
      if (stats === undefined) continue;
      const used = stats.mtimeMs;
      if (PARTIAL.test(name) && clock.now() - used > SWEEP_EVERY) await rm(path, { force: true });
      if (KEPT.test(name)) found.push({ path, size: stats.size, used });
    }
    let left = found.reduce((sum, { size }) => sum + size, 0);
    const removed = { old: 0, beyond: 0 };
    for (const { path, size, used } of found.toSorted((a, b) => a.used - b.used)) {
      const isOld = clock.now() - used > limits.keep;
      if (!isOld && left <= limits.total) break;
      await rm(path, { force: true });
      left -= size;
      if (isOld) removed.old += 1;
      else removed.beyond += 1;
    }
    if (removed.beyond > 0) log.warn({ ...removed, bytes: left }, 'too many files are kept, the oldest are removed');
    else if (removed.old > 0) log.info({ ...removed, bytes: left }, 'old files are removed');
  }

  /** One at a time. */
  function sweep(): Promise<void> {
    sweeping = sweeping.catch(() => {}).then(sweepOnce);
    return sweeping;
  }

  return {
    async keep(bytes, name) {
      const { largest, total } = limits;
      if (bytes.length > Math.min(largest, total)) {
        const most = Math.min(largest, total);
        throw new FileTrouble('rejected', `the file has ${bytes.length} bytes, and at most ${most} are kept of one`);
      }
      const file = fileValueOf(bytes, name);
      const path = join(directory, file.hash.sha256);
      await onDisk(async () => {
        if (await isIntact(path, file.hash.sha256)) return touch(path);
        await writeWhole(path, bytes); // F1
        await touch(path);
        await sweep();
      });
      return file;
    },
    async read({ hash, name }) {
      const sha256 = hash.sha256.toLowerCase();
      const path = join(directory, sha256);
      const bytes = KEPT.test(sha256) ? await onDisk(() => readIfThere(path)) : undefined;
      if (bytes === undefined || sha256Of(bytes) !== sha256) {
        // F2
        const detail = `the bytes of ${JSON.stringify(name)} are not kept, or no more`;
        throw new FileTrouble('not-found', detail);
      }
      await onDisk(() => touch(path));
      return bytes;
    },
    sweep,
    async close() {
      isClosed = true;
      cancel();
      await sweeping.catch(() => {});
    },
  };
}

async function isIntact(path: string, sha256: string): Promise<boolean> {
  const bytes = await readIfThere(path);
  return bytes !== undefined && sha256Of(bytes) === sha256;
}

function readIfThere(path: string): Promise<Uint8Array | undefined> {
  return unlessGone(readFile(path));
}

function statOf(path: string): Promise<Stats | undefined> {
  return unlessGone(stat(path));
}

async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileTrouble || !(error instanceof Error) || !('code' in error)) throw error;
    throw new FileTrouble('unavailable', `the folder of files is in trouble (${String(error.code)})`, { cause: error });
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
