import { createHash } from 'node:crypto';
import { malformed } from '../../action/http-answer.ts';
import { ZipTrouble, entryOf } from './zip.ts';

/** A binary that was collected on an endpoint. */
export interface Collected {
  readonly bytes: Uint8Array;
  /** As the endpoint called it. */
  readonly name: string;
  /** Cut off by the server at 25 MB: its hashes are of what is left, and no sandbox can make anything of it. */
  readonly isTruncated: boolean;
}

/** Where the server cuts off (vendor). */
export const LARGEST = 26_214_400;
const LONGEST_METADATA = 65_536;

/** Opens the server's archive and makes sure that it holds what was asked for. Throws where it does not. */
export function openCollected(archive: Uint8Array, md5: string): Collected {
  const bytes = entry(archive, 'filedata', LARGEST);
  if (bytes === undefined) throw malformed('binary: the archive holds no filedata');
  const isIt = createHash('md5').update(bytes).digest('hex') === md5.toLowerCase();
  const isTruncated = !isIt && bytes.length === LARGEST;
  if (!isIt && !isTruncated) throw malformed('binary: the file in the archive has another MD5');
  const metadata = entry(archive, 'metadata', LONGEST_METADATA)?.toString('utf8') ?? '';
  // `OrigFilename                   : \Device\HarddiskVolume2\…\appid.sys` (recorded).
  const [, name = md5.toLowerCase()] = /^OrigFilename *: *(\S.*?)\s*$/m.exec(metadata) ?? [];
  return { bytes, name, isTruncated };
}

function entry(archive: Uint8Array, name: string, most: number): Buffer | undefined {
  try {
    return entryOf(archive, name, most);
  } catch (error) {
    if (error instanceof ZipTrouble) throw malformed(`binary: ${error.message}`);
    throw error;
  }
}
