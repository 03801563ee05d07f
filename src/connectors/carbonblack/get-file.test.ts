import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { connected, recorded, setUp } from '../../../test/kit/carbonblack.ts';
import { zip } from './simulator-collected.ts';
import { ZipTrouble, entryOf } from './zip.ts';

const BYTES = Buffer.from('MZ and what follows');
const MD5 = createHash('md5').update(BYTES).digest('hex');

test('the binary is kept, with the hashes of its bytes and the name it had', async () => {
  const { simulator, connection, reads } = await setUp();
  const md5 = simulator.collect(BYTES);
  const answer = await connection.perform('get-file', { md5 });
  expect(answer).toEqual({
    kind: 'done',
    output: {
      found: true,
      truncated: false,
      file: {
        name: 'dropper.exe',
        size: 19,
        hash: {
          md5: '1f58722d06318f8ae7cb5145486f4db7',
          sha1: '98649f04a3cfdc7e652c0ab565f752c9a789bbb8',
          sha256: '0ff934179035f20cd707c17d5e3b1045d77fe384b961ce236d4a4864f709cf53',
        },
      },
    },
  });
  if (answer.kind !== 'done') throw new Error('not done');
  const { file } = answer.output as unknown as { file: Parameters<typeof connection.files.read>[0] };
  expect(Buffer.from(await connection.files.read(file))).toEqual(BYTES);
  expect(connection.said()).not.toContain('MZ and');
  expect(reads).toEqual([`/api/v1/binary/${md5.toUpperCase()}`]);
});

test('a binary that the server has not, or no more, is an answer', async () => {
  const { connection } = await setUp();
  expect(await connection.perform('get-file', { md5: MD5 })).toEqual({ kind: 'done', output: { found: false } });
});

test('the name is read from the metadata as it was recorded from 6.2', async () => {
  const { metadata_text: metadata } = recorded(
    'cbapi-python_recorded/15_get_binary_zip_HEADERS_ONLY.json',
    'response',
    'zip',
  );
  const archive = zip({ filedata: BYTES, metadata: Buffer.from(String(metadata)) });
  const connection = await connected(() => new Response(new Uint8Array(archive)));
  expect(await connection.perform('get-file', { md5: MD5 })).toMatchObject({ output: { file: { name: 'appid.sys' } } });
});

test("the simulator's headers are the recorded ones", async () => {
  const headers = recorded('cbapi-python_recorded/15_get_binary_zip_HEADERS_ONLY.json', 'response', 'headers');
  const { simulator } = await setUp();
  const md5 = simulator.collect(BYTES);
  const asked = new Request(`http://x/api/v1/binary/${md5.toUpperCase()}`, {
    headers: { 'x-auth-token': 'api-token-of-a-user' },
  });
  const answer = await simulator.fetch(asked);
  // Of the day, and of the connection.
  const others = new Set(['date', 'expires', 'connection', 'transfer-encoding']);
  for (const [name, value] of Object.entries(headers))
    if (!others.has(name.toLowerCase())) expect([name, answer.headers.get(name)]).toEqual([name, value]);
});

test('a binary beyond 25 MB is cut off, which is said, and its hashes are of what is left', async () => {
  const { simulator, connection } = await setUp();
  const md5 = simulator.collect(Buffer.alloc(26_214_401, 'MZ'));
  const answer = await connection.perform('get-file', { md5 });
  expect(answer).toMatchObject({ output: { found: true, truncated: true, file: { size: 26_214_400 } } });
  expect(answer).not.toMatchObject({ output: { file: { hash: { md5 } } } });
});

test.each<[string, Buffer, string]>([
  ['another file', zip({ filedata: Buffer.from('another') }), 'the file in the archive has another MD5'],
  ['no file', zip({ metadata: Buffer.from('') }), 'the archive holds no filedata'],
  ['no archive', Buffer.from('<html>Sign in</html>'), 'this is no archive'],
  ['nothing', Buffer.alloc(0), 'this is no archive'],
])('an answer with %s makes no sense', async (_, archive, detail) => {
  const connection = await connected(() => new Response(new Uint8Array(archive)));
  expect(await connection.perform('get-file', { md5: MD5 })).toEqual({
    kind: 'retry',
    reason: 'malformed-answer',
    detail: `binary: ${detail}`,
  });
});

describe('archives of others', () => {
  test.each([
    [
      'streamed by Info-ZIP, sizes in the directory only',
      '-',
      'UEsDBC0ACAAIAE+lfF0AAAAA//////////8BABQALQEAEAAAAAAAAAAAAAAAAAAAAAAA841SSMxLUSjPSCxRSMvPyckvLwYAUEsHCPixnhAVAAAAAAAAABMAAAAAAAAAUEsBAh4DLQAIAAgAT6V8XfixnhAVAAAAEwAAAAEAAAAAAAAAAQAAAIARAAAAAC1QSwUGAAAAAAEAAQAvAAAAYAAAAAAA',
    ],
    [
      "stored by Python's zipfile, with an end within its comment",
      'filedata',
      'UEsDBBQAAAAAAPykfF34sZ4QEwAAABMAAAAIAAAAZmlsZWRhdGFNWiBhbmQgd2hhdCBmb2xsb3dzUEsBAhQDFAAAAAAA/KR8XfixnhATAAAAEwAAAAgAAAAAAAAAAAAAAIABAAAAAGZpbGVkYXRhUEsFBgAAAAABAAEANgAAADkAAAAOAFBLBQYgYSBjb21tZW50',
    ],
  ])('are read: %s', (_, name, archive) => {
    expect(entryOf(Buffer.from(archive, 'base64'), name, 100)).toEqual(BYTES);
  });
});

describe('a hostile archive', () => {
  const archive = zip({ filedata: Buffer.alloc(1_000_000) });

  test('that holds more than is allowed is not inflated', () => {
    expect(() => entryOf(archive, 'filedata', 999_999)).toThrow('the archive holds 1000000 bytes, more than 999999');
  });

  test('that holds more than it says is broken', () => {
    const lying = Buffer.from(archive);
    lying.writeUInt32LE(10, archive.indexOf('PK\x01\x02') + 24);
    expect(() => entryOf(lying, 'filedata', 1_000)).toThrow(ZipTrouble);
  });

  test('that is broken anywhere throws nothing else', () => {
    const small = zip({ filedata: BYTES, metadata: Buffer.from('x') });
    for (let at = 0; at < small.length; at++) {
      for (const value of [0, 0xff]) {
        const broken = Buffer.from(small);
        broken[at] = value;
        expectBytesOrTrouble(broken);
      }
      expectBytesOrTrouble(small.subarray(0, at));
    }
  });
});

function expectBytesOrTrouble(archive: Buffer): void {
  try {
    entryOf(archive, 'filedata', 1_000);
  } catch (error) {
    expect(error).toBeInstanceOf(ZipTrouble);
  }
}
