import { createHash } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import type { Site } from './simulator-site.ts';
import { HEADERS } from './simulator-site.ts';

export interface CollectedControls {
  /** A binary that was collected on an endpoint; gives its MD5. One beyond 25 MB is cut off there. */
  collect(bytes: Uint8Array, path?: string): string;
}

/** Larger ones are cut off (vendor). */
const MOST = 26_214_400;

/** Binaries themselves, as archives of `filedata` and `metadata`, with the headers that were recorded from 6.2. */
export function openCollected({ app }: Pick<Site, 'app'>): CollectedControls {
  const collected = new Map<string, Buffer>();

  app.get('/api/v1/binary/:md5', c => {
    const archive = collected.get(c.req.param('md5').toUpperCase());
    if (archive === undefined) return c.text('Not Found', 404);
    const headers = {
      ...HEADERS,
      'Content-Type': 'application/zip',
      Pragma: 'no-cache',
      // No date as HTTP has it (recorded).
      'Last-Modified': '2018-02-06 12:44:49.544951',
    };
    return c.body(new Uint8Array(archive), 200, headers);
  });

  return {
    collect(bytes, path = '\\Device\\HarddiskVolume2\\Users\\mharris\\Downloads\\dropper.exe') {
      const md5 = createHash('md5').update(bytes).digest('hex');
      const metadata = `Timestamp                      : 02/01/2017 04:05:44\r\nOrigFilename                   : ${path}\r\n`;
      const entries = { filedata: Buffer.from(bytes.subarray(0, MOST)), metadata: Buffer.from(metadata) };
      collected.set(md5.toUpperCase(), zip(entries));
      return md5;
    },
  };
}

/** A ZIP archive (APPNOTE.TXT of PKWARE, 4.3), deflated. */
export function zip(entries: { readonly [name: string]: Buffer }): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const packed = deflateRawSync(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, rest, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, central, end]);
}
