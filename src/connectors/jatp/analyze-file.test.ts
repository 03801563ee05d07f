import { afterEach, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect, performToEnd } from '../../../test/conformance/connection.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import type { JatpOptions } from './simulator.ts';
import { createSimulator } from './simulator.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const BYTES = Buffer.from('MZ and what follows');

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function setUp({ settings = {}, ...options }: Partial<JatpOptions> & { settings?: object } = {}) {
  const simulator = createSimulator({ key: KEY, now: Date.parse('2026-11-24T09:00:00Z'), ...options });
  const connection = await connecting(simulator.fetch, settings);
  const file = await connection.files.keep(BYTES, 'invoice.exe');
  return {
    simulator,
    connection,
    file,
    end: () => performToEnd(connection, simulator, { action: 'analyze-file', input: { file } }),
  };
}

async function connecting(
  fetch: (request: Request) => Promise<Response> | Response,
  settings: object = {},
): Promise<Connected> {
  const connection = await connect(connector, fetch, { settings: url => ({ url, key: new Secret(KEY), ...settings }) });
  open.push(connection);
  return connection;
}

test('a file is uploaded, followed by the id of its event, and its result is read', async () => {
  const { simulator, connection, file } = await setUp({ analysis: 25_000 });
  simulator.expect(file.hash.sha1, { severity: 0.9, name: 'TROJAN_Zemot.CY' });
  const pending = { kind: 'pending', token: { event: '13405' }, again: 10_000 };
  expect(await connection.perform('analyze-file', { file })).toEqual(pending);
  simulator.tick(connection.pass(10_000));
  expect(await connection.resume('analyze-file', pending.token, { file })).toEqual(pending);
  simulator.tick(connection.pass(20_000));
  expect(await connection.resume('analyze-file', pending.token, { file })).toMatchObject({
    kind: 'done',
    output: {
      severity: 0.9,
      malicious: true,
      name: 'TROJAN_Zemot.CY',
      ...file.hash,
      size: 19,
      uploaded: true,
      event: '13405',
      link: expect.stringMatching(/\/admin\/index\.html\?event_id=13405$/) as unknown,
    },
  });
  expect(simulator.uploads()).toBe(1);
});

test('what is sent is the file under its name, and the name again as JSON', async () => {
  const seen: FormData[] = [];
  const simulator = createSimulator({ key: KEY, now: 0 });
  const connection = await connecting(async request => {
    if (new URL(request.url).pathname === '/cyadmin/cgi-bin/file_submit') seen.push(await request.clone().formData());
    return simulator.fetch(request);
  });
  const file = await connection.files.keep(BYTES, 'in"voice.exe');
  await connection.perform('analyze-file', { file });
  const [form] = seen;
  const sent = form?.get('file');
  if (!(sent instanceof File)) throw new Error('no file was sent');
  expect(sent.name).toBe('in"voice.exe');
  expect(Buffer.from(await sent.arrayBuffer())).toEqual(BYTES);
  expect(form?.get('file_meta_json')).toBe('{"file_name":"in\\"voice.exe"}');
});

test('a file that the sandbox knows is not uploaded', async () => {
  const { simulator, file, end } = await setUp();
  simulator.analysed({ ...file.hash, severity: 0 });
  expect(await end()).toMatchObject({ kind: 'done', output: { uploaded: false, severity: 0, malicious: false } });
  expect(simulator.uploads()).toBe(0);
});

test('nor is one that it is analysing for somebody else, which is waited for', async () => {
  const { simulator, connection, file, end } = await setUp();
  await connection.perform('analyze-file', { file });
  expect(await end()).toMatchObject({ kind: 'done', output: { uploaded: false, severity: 0 } });
  expect(simulator.uploads()).toBe(1);
});

test('a file that is too large is not sent', async () => {
  const { simulator, connection, file } = await setUp({ settings: { largest: 18 } });
  expect(await connection.perform('analyze-file', { file })).toEqual({
    kind: 'failed',
    reason: 'rejected',
    detail: 'the file has 19 bytes, and at most 18 are sent',
  });
  expect(simulator.uploads()).toBe(0);
});

test('a file whose bytes are not kept cannot be sent', async () => {
  const { connection } = await setUp();
  const hash = { md5: '0'.repeat(32), sha1: '0'.repeat(40), sha256: '0'.repeat(64) };
  expect(await connection.perform('analyze-file', { file: { name: 'gone.exe', size: 1, hash } })).toEqual({
    kind: 'failed',
    reason: 'not-found',
    detail: 'the bytes of "gone.exe" are not kept',
  });
});

test.each<[string, object, object]>([
  [
    'is a text',
    { status: -1, detail: 'unsupported file' },
    { kind: 'failed', reason: 'rejected', detail: 'upload: status -1: "unsupported file"' },
  ],
  ['holds no event', { status: 0, detail: {} }, { kind: 'retry', reason: 'malformed-answer' }],
  [
    'holds an event that is no number',
    { status: 0, detail: { event_id: '../1' } },
    { kind: 'retry', reason: 'malformed-answer' },
  ],
])('an answer to the upload whose detail %s is no success', async (_, body, expected) => {
  const simulator = createSimulator({ key: KEY, now: 0 });
  const connection = await connecting(request =>
    new URL(request.url).pathname.endsWith('file_submit') ? Response.json(body) : simulator.fetch(request),
  );
  const file = await connection.files.keep(BYTES, 'a.exe');
  expect(await connection.perform('analyze-file', { file })).toMatchObject(expected);
});

test('an analysis that ends without a verdict says so by giving none', async () => {
  const { simulator, file, end } = await setUp();
  simulator.expect(file.hash.sha1, {});
  const answer = await end();
  expect(answer).toMatchObject({ kind: 'done', output: { uploaded: true } });
  expect(answer).not.toHaveProperty('output.severity');
});
