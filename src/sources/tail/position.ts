import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Json, JsonObject } from '../../base/json.ts';
import { own } from '../../base/json.ts';

/** How far a file was read. Committed with the events that came of it (E1). */
export interface Position {
  readonly path: string;
  /** Device and inode; empty while there is no file yet. */
  readonly file: string;
  /** Counts the files that stood at this path, so that places in two of them are told apart. */
  readonly generation: number;
  /** Of the first byte that was not taken: the beginning of a line, but in one that is too long. */
  readonly offset: number;
  /** Within a line that is too long, and is passed over. */
  readonly isSkipping: boolean;
  /** SHA-256 of the first bytes, by which a file that was written anew is known. */
  readonly head: string;
  readonly headLength: number;
}

const HEAD = 1_024;

export function writePosition(position: Position): JsonObject {
  return { ...position };
}

/** Undefined where there is none, or the path is another one now. */
export function readPosition(json: Json | undefined, path: string): Position | undefined {
  if (own(json, 'path') !== path) return undefined;
  const number = (key: string): number => Number(own(json, key) ?? 0);
  return {
    path,
    file: String(own(json, 'file') ?? ''),
    generation: number('generation'),
    offset: number('offset'),
    isSkipping: own(json, 'isSkipping') === true,
    head: String(own(json, 'head') ?? ''),
    headLength: number('headLength'),
  };
}

export function identityOf({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string {
  return `${dev}:${ino}`;
}

/** The mark of a file that was read up to `offset`. */
export async function markOf(handle: FileHandle, offset: number): Promise<Pick<Position, 'head' | 'headLength'>> {
  const headLength = Math.min(offset, HEAD);
  return { head: await hashOf(handle, headLength), headLength };
}

/** Whether it is the file that was read, and still as long at least. */
export async function isSameFile(handle: FileHandle, { offset, head, headLength }: Position): Promise<boolean> {
  const { size } = await handle.stat();
  return size >= offset && (await hashOf(handle, headLength)) === head;
}

async function hashOf(handle: FileHandle, length: number): Promise<string> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, 0);
  return createHash('sha256').update(bytes.subarray(0, bytesRead)).digest('hex');
}

export interface Rotated {
  readonly path: string;
  readonly file: string;
  readonly changed: number;
}

/**
 * The files that stood at a path before and were renamed: `name.1`, `name-20260301`, and the like, the oldest first. Those
 * that were compressed cannot be gone on with.
 */
export async function rotatedOf(path: string): Promise<Rotated[]> {
  const name = basename(path);
  const names = (await readdir(dirname(path))).filter(
    other => other.startsWith(name) && /^[.-]\d[\dTZ_.:-]*$/.test(other.slice(name.length)),
  );
  const found = await Promise.all(
    names.map(async other => {
      const whole = join(dirname(path), other);
      try {
        const stats = await stat(whole, { bigint: true });
        return [{ path: whole, file: identityOf(stats), changed: Number(stats.mtimeNs / 1_000n) }];
      } catch {
        // Renamed again between the two looks; the next one sees it.
        return [];
      }
    }),
  );
  return found.flat().toSorted((a, b) => a.changed - b.changed);
}
