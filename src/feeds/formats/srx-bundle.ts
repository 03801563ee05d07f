import { gzipSync } from 'node:zlib';
import { tar } from './tar.ts';

/** Of a feed in the archive; `feed-name F path <this>` on the SRX. */
export function bundlePath(feed: string): string {
  return `feeds/${feed}`;
}

/**
 * The archive of a feed-server in bundle mode: a gzipped tar with one file a feed. Which of its headers an SRX compares is
 * not known, so the length must change with the content too: `avoid` is the length that it must not have.
 */
export function srxBundle(
  feeds: readonly { readonly name: string; readonly text: string }[],
  { modified, avoid }: { readonly modified: number; readonly avoid: number | undefined },
): Buffer {
  const files = feeds.map(({ name, text }) => ({ path: bundlePath(name), content: text }));
  const packed = gzipSync(tar(files, modified));
  return packed.length === avoid ? withComment(packed) : packed;
}

/** RFC 1952, 2.3.1: a comment in the header of a gzip file, which says nothing of its content. */
function withComment(packed: Buffer): Buffer {
  const head = Buffer.from(packed.subarray(0, 10));
  head.writeUInt8(head.readUInt8(3) | 0x10, 3);
  return Buffer.concat([head, Buffer.from('\0'), packed.subarray(10)]);
}
