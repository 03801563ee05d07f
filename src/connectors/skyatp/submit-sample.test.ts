import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { connecting, setUp as setUpProduct } from '../../../test/kit/skyatp.ts';
import type { Json } from '../../base/json.ts';

const BYTES = Buffer.from('MZ and what follows');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const MALICIOUS = { score: 9, threat_level: 'high', malware_info: { family: 'TROJAN_RANSOM' } };

async function setUp(options: Parameters<typeof setUpProduct>[0] = {}) {
  const product = await setUpProduct(options);
  const file = await product.connection.files.keep(BYTES, 'invoice.exe');
  const submits = (): string[] => product.seen.filter(request => request.startsWith('POST'));
  return { ...product, file, input: { file }, submits };
}

test('an unknown file is submitted once, and its verdict waited for', async () => {
  const { simulator, input, end, submits } = await setUp();
  simulator.expect(SHA256, MALICIOUS);
  expect(await end('submit-sample', input)).toEqual({
    kind: 'done',
    output: { score: 9, threat_level: 'high', family: 'TROJAN_RANSOM', submitted: true },
  });
  expect(submits()).toEqual(['POST /v1/skyatp/submit/sample']);
});

test('a file that SkyATP knows is not submitted', async () => {
  const { simulator, connection, input, submits } = await setUp();
  simulator.file(SHA256, { sha256: SHA256, scan_complete: true, score: 0 });
  expect(await connection.perform('submit-sample', input)).toEqual({
    kind: 'done',
    output: { score: 0, submitted: false },
  });
  expect(submits()).toEqual([]);
});

test('a file that is being analysed is waited for, and not submitted', async () => {
  const { simulator, connection, input, submits } = await setUp();
  simulator.file(SHA256, { sha256: SHA256, scan_complete: false, score: -1 });
  expect(await connection.perform('submit-sample', input)).toEqual({
    kind: 'pending',
    token: { submitted: false },
    again: 30_000,
  });
  expect(submits()).toEqual([]);
});

test('a restart goes on with the token, and submits nothing, also while a look-up does not know the file yet', async () => {
  const { simulator, connection, input, submits } = await setUp({ unseen: 120_000, analysis: 180_000 });
  const first = await connection.perform('submit-sample', input);
  expect(first).toMatchObject({ kind: 'pending', token: { submitted: true } });
  const token: Json = { submitted: true };
  simulator.tick(connection.pass(30_000));
  expect(await connection.resume('submit-sample', token, input)).toMatchObject({ kind: 'pending', token });
  simulator.tick(connection.pass(120_000));
  expect(await connection.resume('submit-sample', token, input)).toMatchObject({ kind: 'pending', token });
  simulator.tick(connection.pass(120_000));
  expect(await connection.resume('submit-sample', token, input)).toMatchObject({
    kind: 'done',
    output: { score: 0, submitted: true },
  });
  expect(submits()).toHaveLength(1);
});

test('after an answer that was lost the hash is asked for, and nothing submitted a second time', async () => {
  const { simulator, connection, input, end, submits } = await setUp();
  simulator.fault({ fault: { kind: 'lost-answer' }, method: 'POST', times: 1 });
  expect(await connection.perform('submit-sample', input)).toMatchObject({ kind: 'retry', reason: 'unreachable' });
  expect(await end('submit-sample', input)).toMatchObject({ kind: 'done', output: { score: 0 } });
  expect(submits()).toHaveLength(1);
  expect(simulator.submissions()).toBe(1);
});

test('a verdict in the answer to the submission is taken at once', async () => {
  const { input, file } = await setUp();
  const connection = await connecting(request =>
    request.method === 'POST'
      ? Response.json({ sha256: SHA256, scan_complete: true, score: 10 })
      : request.url.endsWith('ping')
        ? new Response('I am a potato.')
        : Response.json({ message: 'not found' }, { status: 404 }),
  );
  await connection.files.keep(BYTES, file.name);
  expect(await connection.perform('submit-sample', input)).toEqual({
    kind: 'done',
    output: { score: 10, submitted: true },
  });
});

test('the part is called as the settings say', async () => {
  const { end, input } = await setUp({ samplePart: 'sample', settings: { sample_part: 'sample' } });
  expect(await end('submit-sample', input)).toMatchObject({ kind: 'done' });
  const other = await setUp({ samplePart: 'sample' });
  expect(await other.connection.perform('submit-sample', other.input)).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: expect.stringContaining('sample is missing') as string,
  });
});

test('a file that is too large, or empty, is not read and not sent', async () => {
  const { connection, input, seen } = await setUp({ settings: { largest: 4 } });
  expect(await connection.perform('submit-sample', input)).toEqual({
    kind: 'failed',
    reason: 'rejected',
    detail: 'the file has 19 bytes, and at most 4 are submitted',
  });
  const empty = await connection.files.keep(Buffer.from(''), 'empty');
  expect(await connection.perform('submit-sample', { file: empty })).toMatchObject({ detail: 'the file is empty' });
  expect(seen).toEqual([]);
});

test('a file that is too large for the product is refused with its words', async () => {
  const { connection, input } = await setUp({ largest: 4 });
  const answer = await connection.perform('submit-sample', input);
  expect(answer).toMatchObject({ kind: 'failed', reason: 'rejected' });
  expect(answer).toHaveProperty(
    'detail',
    expect.stringMatching(/status 413.*too large.*larger than the product takes/),
  );
});

test('a type that the product does not take is refused with its words', async () => {
  const { simulator, connection, input } = await setUp();
  simulator.fault({ fault: { kind: 'status', status: 422, body: '<html>unsupported type' }, method: 'POST' });
  expect(await connection.perform('submit-sample', input)).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: 'submission: status 422: "<html>unsupported type"',
  });
});

test('a quota of a day that is used up is waited out, and then the file is submitted', async () => {
  const { simulator, connection, input, end } = await setUp({ perDay: 1, retryAfter: 3_600 });
  const other = await connection.files.keep(Buffer.from('another file'), 'another.exe');
  expect(await end('submit-sample', { file: other })).toMatchObject({ kind: 'done' });
  const answer = await connection.perform('submit-sample', input);
  expect(answer).toMatchObject({ kind: 'retry', reason: 'rate-limited', after: 3_600_000 });
  expect(answer).toHaveProperty('detail', expect.stringContaining('submission quota exceeded'));
  expect(answer).not.toHaveProperty('inDoubt');
  simulator.tick(connection.pass(86_400_000));
  expect(await end('submit-sample', input)).toMatchObject({ kind: 'done', output: { submitted: true } });
});

test('a token that may look up and not submit is told apart', async () => {
  const { simulator, connection, input } = await setUp();
  simulator.fault({ fault: { kind: 'status', status: 403 }, method: 'POST' });
  const answer = await connection.perform('submit-sample', input);
  expect(answer).toMatchObject({ kind: 'failed', reason: 'auth' });
  expect(answer).toHaveProperty('detail', expect.stringMatching(/^submission: status 403.*has no access to this/));
});

test('a file whose bytes are kept no more is not submitted', async () => {
  const { connection, submits } = await setUp();
  const gone = {
    name: 'gone.exe',
    size: 3,
    hash: { md5: 'a'.repeat(32), sha1: 'a'.repeat(40), sha256: 'a'.repeat(64) },
  };
  expect(await connection.perform('submit-sample', { file: gone })).toMatchObject({
    kind: 'failed',
    reason: 'not-found',
  });
  expect(submits()).toEqual([]);
});
