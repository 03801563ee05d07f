import { inflateRawSync } from 'node:zlib';

/** What was said to be an archive is none, or one of a kind that is not read here. */
export class ZipTrouble extends Error {
  override readonly name = 'ZipTrouble';
}

const END = 0x06054b50;
const DIRECTORY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
/** A comment may follow the end. */
const LONGEST_TAIL = END_SIZE + 0xffff;
const MOST_ENTRIES = 100;

/**
 * One entry of a ZIP archive, undefined where there is none of that name (APPNOTE.TXT of PKWARE, 4.3). The archive comes
 * from outside: sizes are held against `most` before and while it is inflated. Throws {@link ZipTrouble}.
 */
export function entryOf(archive: Uint8Array, name: string, most: number): Buffer | undefined {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  try {
    const entry = entriesOf(bytes).find(one => one.name === name);
    return entry === undefined ? undefined : contentOf(bytes, entry, most);
  } catch (error) {
    // What reads beyond the end is a RangeError of Buffer's, and what does not inflate an error of zlib's.
    if (error instanceof ZipTrouble) throw error;
    throw new ZipTrouble('the archive is broken', { cause: error });
  }
}

interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly at: number;
}

function entriesOf(bytes: Buffer): Entry[] {
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > MOST_ENTRIES) throw new ZipTrouble(`the archive has ${count} entries`);
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    if (bytes.readUInt32LE(at) !== DIRECTORY) throw new ZipTrouble('the directory of the archive is broken');
    const lengths = [28, 30, 32].map(place => bytes.readUInt16LE(at + place));
    const [name = 0, extra = 0, comment = 0] = lengths;
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + name),
      flags: bytes.readUInt16LE(at + 8),
      method: bytes.readUInt16LE(at + 10),
      compressed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      at: bytes.readUInt32LE(at + 42),
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** The record at the end, the last that fits: what stands before it may look like one. */
function endOf(bytes: Buffer): number {
  for (let at = bytes.length - END_SIZE; at >= Math.max(0, bytes.length - LONGEST_TAIL); at--)
    if (bytes.readUInt32LE(at) === END && at + END_SIZE + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  throw new ZipTrouble('this is no archive');
}

function contentOf(bytes: Buffer, { flags, method, compressed, size, at }: Entry, most: number): Buffer {
  if ((flags & 1) === 1) throw new ZipTrouble('the archive is encrypted');
  if (size > most) throw new ZipTrouble(`the archive holds ${size} bytes, more than ${most}`);
  if (bytes.readUInt32LE(at) !== LOCAL) throw new ZipTrouble('the archive is broken');
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const packed = bytes.subarray(start, start + compressed);
  if (packed.length !== compressed) throw new ZipTrouble('the archive is cut off');
  if (method !== 0 && method !== 8) throw new ZipTrouble(`the archive is packed by method ${method}`);
  // One byte more than said would be refused by its size below.
  const content = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) });
  if (content.length !== size) throw new ZipTrouble('the archive does not hold what it says');
  return content;
}
