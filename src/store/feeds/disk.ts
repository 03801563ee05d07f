import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import type { Entry } from '../../feeds/entry.ts';
import type { FeedKeeper, Kept } from '../../feeds/keeper.ts';
import { writeWhole } from '../whole-file.ts';

/** Feeds in a folder, one file each, written whole with every change. The names of feeds are names of files. */
export async function openDiskKeeper(directory: string): Promise<FeedKeeper> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pathOf = (feed: string): string => join(directory, `${feed}.json`);
  return {
    async load(feed) {
      const text = await readIfThere(pathOf(feed));
      return text === undefined ? undefined : readKept(JSON.parse(text) as Json, feed);
    },
    save: (feed, kept) => writeWhole(pathOf(feed), Buffer.from(JSON.stringify(kept))),
  };
}

/** An entry of no sense would be one of a newer release: an empty list in its place would open a firewall. */
function readKept(json: Json, feed: string): Kept {
  const version = own(json, 'version');
  const entries = own(json, 'entries');
  if (typeof version !== 'number' || !Array.isArray(entries) || !entries.every(isEntry))
    throw new Error(`the file of the feed ${feed} is not one of this release`);
  return { version, entries: entries as readonly unknown[] as readonly Entry[] };
}

function isEntry(json: Json): boolean {
  const isNumber = (name: string): boolean => typeof own(json, name) === 'number';
  const isTimed = own(json, 'expires') === undefined || isNumber('expires');
  return isObject(json) && typeof json['value'] === 'string' && isNumber('added') && isNumber('version') && isTimed;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
