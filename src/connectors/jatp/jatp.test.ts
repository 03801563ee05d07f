import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import type { Json } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import type { JatpOptions } from './simulator.ts';
import { createSimulator } from './simulator.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const NOW = Date.parse('2026-11-24T09:00:00Z');
const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';
const SHA1 = 'ad79acbc8aa8b3f6a0e8ff2cbbb09c3ea3dbb0ab';

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function setUp({ settings = {}, key = KEY, ...options }: Partial<JatpOptions> & { settings?: object } = {}) {
  const simulator = createSimulator({ key: KEY, now: NOW, ...options });
  return { simulator, connection: await connecting(simulator.fetch, { key: new Secret(key), ...settings }) };
}

async function connecting(
  fetch: (request: Request) => Promise<Response> | Response,
  settings: object = { key: new Secret(KEY) },
): Promise<Connected> {
  const connection = await connect(connector, fetch, { settings: url => ({ url, ...settings }) });
  open.push(connection);
  return connection;
}

/** A product that says only this, whatever it is asked. */
function saying(body: unknown): Promise<Connected> {
  return connecting(() => Response.json(body));
}

test('the key is sent bare, the operation in the query, the rest in a form', async () => {
  const seen: string[] = [];
  const connection = await connecting(async request => {
    seen.push(`${request.method} ${new URL(request.url).search} ${request.headers.get('authorization')}`);
    seen.push(await request.text());
    return Response.json({ status: 0, analysis_details: { malware_severity: '0' } });
  });
  await connection.perform('lookup-hash', { sha1: SHA1.toUpperCase() });
  expect(seen).toEqual([`POST ?op=analysis_details ${KEY}`, `get_components=0&sha1sum=${SHA1}`]);
});

describe('lookup-hash', () => {
  test.each([{ sha1: SHA1 }, { md5: MD5.toUpperCase() }])('finds a file by %s', async input => {
    const { simulator, connection } = await setUp();
    simulator.analysed({ sha1: SHA1, md5: MD5, severity: 0.9, name: 'TROJAN_Zemot.CY' });
    expect(await connection.perform('lookup-hash', input)).toEqual({
      kind: 'done',
      output: {
        found: true,
        severity: 0.9,
        malicious: true,
        name: 'TROJAN_Zemot.CY',
        category: 'Trojan_DataTheft',
        family: 'Trojan',
        md5: MD5,
        sha1: SHA1,
        size: 50_688,
        file_type: 'PE32 executable (GUI) Intel 80386, for MS Windows',
      },
    });
  });

  test('a file that is not known is an answer, though the status is negative', async () => {
    const { connection } = await setUp();
    expect(await connection.perform('lookup-hash', { md5: MD5 })).toEqual({ kind: 'done', output: { found: false } });
  });

  test('a key that is not taken is not an unknown file, though both are a 200 with a negative status', async () => {
    const { connection } = await setUp({ key: 'another-key-of-32-characters-000' });
    expect(await connection.perform('lookup-hash', { md5: MD5 })).toEqual({
      kind: 'failed',
      reason: 'rejected',
      detail:
        'hash look-up: status -1: "invalid session"; and incidents: status -1: "invalid session". Is the API key valid?',
    });
  });

  test('an analysis that is under way is asked for again', async () => {
    const connection = await saying({ status: 0, analysis_array: [{ analysis_done_time: null }] });
    expect(await connection.perform('lookup-hash', { md5: MD5 })).toEqual({
      kind: 'pending',
      token: null,
      again: 10_000,
    });
  });

  test.each<[string, Json, object]>([
    ['clean', [{ malware_severity: '0' }], { found: true, severity: 0, malicious: false }],
    ['no verdict where there is none', [{ file_size: '7' }], { found: true, size: 7 }],
    ['no verdict where it is negative', [{ malware_severity: '-1' }], { found: true }],
    ['at most 1', [{ malware_severity: '1.5' }], { found: true, severity: 1, malicious: true }],
    [
      'the worst of its parts',
      [{ malware_severity: '0' }, { malware_severity: 0.5 }],
      { found: true, severity: 0.5, malicious: true },
    ],
  ])('a severity is %s', async (_, analysis_array, output) => {
    const connection = await saying({ status: 0, analysis_array });
    expect(await connection.perform('lookup-hash', { md5: MD5 })).toEqual({ kind: 'done', output });
  });

  test.each<[string, object]>([
    ['without a status', { analysis_array: [] }],
    ['that describes no file', { status: 0 }],
    ['with a list of something else', { status: 0, analysis_array: [1] }],
  ])('an answer %s makes no sense', async (_, body) => {
    const connection = await saying(body);
    expect(await connection.perform('lookup-hash', { md5: MD5 })).toMatchObject({
      kind: 'retry',
      reason: 'malformed-answer',
    });
  });

  test.each([{}, { sha1: SHA1, md5: MD5 }])('wants exactly one hash: %s', async input => {
    const { connection } = await setUp();
    expect(await connection.perform('lookup-hash', input)).toMatchObject({ kind: 'failed', reason: 'invalid-input' });
  });
});

describe('find-incidents', () => {
  test('a host is found by its address and by its name, exactly', async () => {
    const { simulator, connection } = await setUp();
    simulator.detect({
      type: 'cnc',
      src: '203.0.113.9',
      dst: '10.1.1.26',
      dstHost: 'FIN-WS-042.corp.example',
      malwareSeverity: 0.5,
    });
    simulator.detect({ type: 'cnc', src: '203.0.113.9', dst: '10.1.1.2', dstHost: 'FIN-WS-0421' });
    const found = {
      kind: 'done',
      output: {
        total: 1,
        worst: 50,
        latest: '2026-11-24T09:00:00.000Z',
        items: [
          {
            id: '1003',
            time: '2026-11-24T09:00:00.000Z',
            type: 'cnc',
            name: 'TROJAN_Zemot.CY',
            stage: 'command-and-control',
            severity: 50,
            status: 'new',
            is_victim: true,
            peer: '203.0.113.9',
            link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/admin\/index\.html\?incident_id=1003$/) as unknown,
          },
        ],
      },
    };
    expect(await connection.perform('find-incidents', { ip: '10.1.1.26' })).toEqual(found);
    expect(await connection.perform('find-incidents', { host: 'fin-ws-042' })).toEqual(found);
    expect(await connection.perform('find-incidents', { host: 'fin-ws-042.other.example' })).toMatchObject({
      output: { total: 0 },
    });
  });

  test('the server of a command-and-control alert was part of it, and not its victim', async () => {
    const { simulator, connection } = await setUp();
    simulator.detect({ type: 'cnc', src: '10.9.9.9', dst: '10.1.1.26', malwareSeverity: 0.5 });
    const answer = await connection.perform('find-incidents', { ip: '10.9.9.9' });
    expect(answer).toMatchObject({ output: { total: 1, items: [{ is_victim: false, peer: '10.1.1.26' }] } });
    expect(answer).not.toHaveProperty('output.worst');
  });

  test('looks back a day, or as far as it is told', async () => {
    const { simulator, connection } = await setUp();
    simulator.detect({ type: 'cnc', dst: '10.1.1.26', at: NOW - 30 * 3_600_000 });
    expect(await connection.perform('find-incidents', { ip: '10.1.1.26' })).toMatchObject({ output: { total: 0 } });
    expect(await connection.perform('find-incidents', { ip: '10.1.1.26', within: '2d' })).toMatchObject({
      output: { total: 1 },
    });
  });

  test('rows in which nothing is found because their fields have other names are no answer', async () => {
    const fields = { src: 'source_ip', dst: 'endpoint_ip', src_host: 'source_name', dst_host: 'endpoint_name' };
    const { simulator, connection } = await setUp({ fields });
    simulator.detect({ type: 'cnc', dst: '10.1.1.26' });
    expect(await connection.perform('find-incidents', { ip: '10.1.1.26' })).toMatchObject({
      kind: 'failed',
      reason: 'malformed-answer',
      detail: expect.stringContaining('source_ip, endpoint_ip') as unknown,
    });
    const told = await connecting(simulator.fetch, { key: new Secret(KEY), fields });
    expect(await told.perform('find-incidents', { ip: '10.1.1.26' })).toMatchObject({ output: { total: 1 } });
  });

  test('a failure is no empty list', async () => {
    const connection = await saying({ status: -3, error_msg: 'database is locked' });
    expect(await connection.perform('find-incidents', { ip: '10.1.1.26' })).toEqual({
      kind: 'failed',
      reason: 'rejected',
      detail: 'incidents: status -3: "database is locked"',
    });
  });
});

test('events are found one by one where incidents put them together', async () => {
  const { simulator, connection } = await setUp();
  simulator.detect({ type: 'http', src: '203.0.113.9', dst: '10.1.1.26', sha1: SHA1 });
  simulator.detect({ type: 'cnc', src: '203.0.113.9', dst: '10.1.1.26', at: NOW + 60_000 });
  connection.pass(60_000);
  expect(await connection.perform('find-incidents', { ip: '10.1.1.26' })).toMatchObject({ output: { total: 1 } });
  expect(await connection.perform('find-events', { ip: '10.1.1.26' })).toMatchObject({
    output: {
      total: 2,
      items: [
        { type: 'cnc', is_victim: true },
        { type: 'http', sha1: SHA1, stage: 'delivery', is_victim: true },
      ],
    },
  });
});

describe('comment-incident', () => {
  test('adds the comment and sets the status', async () => {
    const { simulator, connection } = await setUp();
    const incident = String(simulator.detect({ type: 'cnc', dst: '10.1.1.26' }));
    const input = { incident, comment: 'Isolated & banned = done', status: 'complete', previous: 'new' };
    expect(await connection.perform('comment-incident', input)).toEqual({
      kind: 'done',
      output: { incident, status: 'complete' },
    });
    expect(simulator.state()).toMatchObject({
      incidents: { [incident]: { status: 'complete', comments: ['Isolated & banned = done'] } },
    });
  });

  test('a 200 with a negative status is a refusal, not a change in doubt', async () => {
    const { connection } = await setUp();
    expect(await connection.perform('comment-incident', { incident: '9', comment: 'x', status: 'new' })).toEqual({
      kind: 'failed',
      reason: 'rejected',
      detail: 'comment: status -1: "no such incident"',
    });
  });
});

test.each([
  [{ since: 'last week' }, 'since: must be'],
  [{ networks: ['10.0.0.0/33'] }, 'networks: "10.0.0.0/33" is no address and no network'],
  [{ fields: { scr: 'x' } }, 'fields: unknown field "scr"; did you mean "src"?'],
  [{ fields: { src: 1 } }, 'fields.src: must be the name of a field'],
])('settings that make no sense are refused: %s', (settings, message) => {
  const given = { url: 'http://x', key: new Secret(KEY), ...settings };
  expect(() => connector.endpoints(given)).toThrow(message);
});

test("the simulator's analyses have the declared fields only, with the declared types", async () => {
  const simulator = createSimulator({ key: KEY, now: NOW });
  simulator.analysed({ sha1: SHA1, md5: MD5, severity: 0.9, name: 'TROJAN_Zemot.CY' });
  const asked = new Request(`http://x/cyadmin/api.php?op=analysis_details&md5sum=${MD5}`, {
    headers: { authorization: KEY },
  });
  const answer = (await (await simulator.fetch(asked)).json()) as { [name: string]: { [name: string]: unknown } };
  const paths = JSON.parse(
    readFileSync(
      new URL('../../../test/fixtures/juniper/jatp_datapaths/01_analysis_and_behavior_paths.json', import.meta.url),
      'utf8',
    ),
  ) as { path: string; type: string }[];
  const declared = new Map(paths.map(({ path, type }) => [path, type]));
  for (const [field, value] of Object.entries(answer['analysis_details'] ?? {})) {
    expect([field, declared.get(`analysis_details.analysis_details.${field}`)]).toEqual([field, typeof value]);
  }
  for (const [field, value] of Object.entries(answer)) {
    if (field.startsWith('status_') || field.startsWith('server_') || field === 'max_cook_size')
      expect(declared.get(`behavior_details.${field}`)).toBe(typeof value === 'number' ? 'numeric' : 'string');
  }
});
