import { expect, test } from 'vitest';
import { connected, recorded, setUp } from '../../../test/kit/carbonblack.ts';
import { guardedPublisher } from './binary.ts';

const MD5 = 'a94f5374fce5edbc8e2a8697c15331a9';

test('a binary that the server does not know is an answer', async () => {
  const { connection } = await setUp();
  expect(await connection.perform('get-binary', { md5: MD5 })).toEqual({ kind: 'done', output: { found: false } });
});

test('an unsigned binary on 14 hosts', async () => {
  const { simulator, connection, reads } = await setUp();
  simulator.addBinary({
    md5: MD5,
    host_count: 14,
    observed_filename: ['c:\\temp\\dropper.exe', 'c:\\users\\mharris\\downloads\\dropper.exe'],
    server_added_timestamp: '2026-11-24T08:59:00.123456Z',
  });
  expect(await connection.perform('get-binary', { md5: MD5 })).toEqual({
    kind: 'done',
    output: {
      found: true,
      signed: false,
      signature: 'Unsigned',
      host_count: 14,
      names: ['c:\\temp\\dropper.exe', 'c:\\users\\mharris\\downloads\\dropper.exe'],
      is_executable: true,
      size: 50_688,
      known_since: '2026-11-24T08:59:00.123Z',
    },
  });
  expect(reads).toEqual([`/api/v1/binary/${MD5.toUpperCase()}/summary`]);
});

test('the row recorded from 6.2 is understood', async () => {
  const row = recorded('cbapi-python_recorded/14_get_binary_search_rows1.json', 'response', 'body', 'results', 0);
  const connection = await connected(() => Response.json(row));
  expect(await connection.perform('get-binary', { md5: String(row['md5']) })).toEqual({
    kind: 'done',
    output: {
      found: true,
      signed: true,
      signature: 'Signed',
      publisher: 'Microsoft Corporation',
      host_count: 1,
      names: ['c:\\windows\\system32\\drivers\\appid.sys'],
      is_executable: true,
      size: 50_688,
      known_since: '2017-02-01T03:52:34.137Z',
    },
  });
});

test.each([
  ['0048779229ab213c95a9321f97a65923', 'Microsoft Corporation', 1, 1_701_376],
  ['0601a49c6c32740bb25fd2af759f5960', 'Microsoft Corporation', 1, 1_766_896],
  ['98fa788238e71d9563d4bf177a4fc22c', 'Google Inc', 1, 813_896],
  ['09f0bffdf6b4918b2d06be32a043c743', 'Google Inc', 2, 310_088],
])('the summary %s recorded from 5.x is understood', async (md5, publisher, hosts, size) => {
  const connection = await connected(() => Response.json(recorded(`cb-integration_binary_metadata/${md5}.json`)));
  expect(await connection.perform('get-binary', { md5 })).toMatchObject({
    output: { found: true, signed: true, publisher, host_count: hosts, size },
  });
});

test('numbers come as text too, and what makes no sense is left out', async () => {
  const connection = await connected(() =>
    Response.json({ md5: MD5, host_count: '3', orig_mod_len: 2 ** 60, sha256: 'none', observed_filename: 'x.exe' }),
  );
  expect(await connection.perform('get-binary', { md5: MD5 })).toEqual({
    kind: 'done',
    output: { found: true, host_count: 3, names: [] },
  });
});

test.each([
  ['Signed', 'Microsoft Corporation', true],
  ['Signed', 'Microsoft Windows', true],
  ['Expired', 'Microsoft Corporation', true],
  ['Signed', 'Carbon Black, Inc.', true],
  ['Signed', 'Bit9, Inc.', true],
  ['Bad Signature', 'Microsoft Corporation', false],
  ['Unsigned', 'Microsoft Corporation', false],
  ['Signed', 'Microsofta Ltd', false],
  ['Signed', 'Not Microsoft Corporation', false],
  ['Signed', 'Google Inc', false],
])('%s by %s is guarded: %j', (signature, publisher, isGuarded) => {
  expect(guardedPublisher({ found: true, signature, publisher })).toBe(isGuarded ? publisher : undefined);
});
