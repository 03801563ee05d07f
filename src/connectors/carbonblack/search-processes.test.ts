import { expect, test } from 'vitest';
import { NOW, connected, recorded, setUp } from '../../../test/kit/carbonblack.ts';
import { parseProcess } from './process.ts';

const MD5 = 'a94f5374fce5edbc8e2a8697c15331a9';
const PATH = 'c:\\temp\\dropper.exe';
const LAG_NOTE = 'processes are indexed up to 15 minutes late: what ran after 2026-11-24T08:45:00.000Z may be missing';

test('the processes that ran a file, with sensors to isolate', async () => {
  const { simulator, connection, reads } = await setUp();
  const first = simulator.addSensor({ name: 'FIN-WS-042', addresses: [] });
  const second = simulator.addSensor({ name: 'HR-NB-007', addresses: [] });
  const guid = simulator.addProcess({ sensor: first, path: PATH, md5: MD5, username: 'CORP\\mharris' });
  simulator.addProcess({ sensor: second, path: PATH, md5: MD5 });
  simulator.addProcess({ sensor: second, path: 'c:\\windows\\explorer.exe', md5: 'f'.repeat(32) });
  expect(await connection.perform('search-processes', { md5: MD5.toUpperCase() })).toEqual({
    kind: 'done',
    output: {
      processes: [
        {
          sensor: first,
          host: 'fin-ws-042',
          guid,
          name: 'dropper.exe',
          path: PATH,
          md5: MD5,
          user: 'CORP\\mharris',
          command_line: PATH,
          start: '2026-11-24T09:00:00.000Z',
          ended: false,
        },
        expect.objectContaining({ sensor: second, host: 'hr-nb-007' }),
      ],
      total: 2,
      complete: true,
      lag_note: LAG_NOTE,
    },
  });
  expect(reads).toEqual([
    `/api/v1/process?cb.urlver=1&q=process_md5:"${MD5}"&sort=last_update desc&facet=false&start=0&rows=100`,
  ]);
});

test('all that is given must hold', async () => {
  const { simulator, connection } = await setUp();
  const peers = ['203.0.113.7', 'cdn.evil.example'];
  for (const name of ['FIN-WS-042', 'HR-NB-007']) {
    simulator.addProcess({ sensor: simulator.addSensor({ name, addresses: [] }), path: PATH, md5: MD5, peers });
  }
  for (const terms of [{ ip: '203.0.113.7' }, { domain: 'evil.example' }, { domain: 'cdn.evil.example', md5: MD5 }]) {
    expect(await connection.perform('search-processes', terms)).toMatchObject({ output: { total: 2 } });
    expect(await connection.perform('search-processes', { ...terms, host: 'hr-nb-007' })).toMatchObject({
      output: { total: 1, processes: [{ sensor: 2 }] },
    });
  }
  expect(await connection.perform('search-processes', { ip: '203.0.113.70' })).toMatchObject({ output: { total: 0 } });
});

test('a name out of an event searches for that name and for nothing else', async () => {
  const { simulator, connection } = await setUp();
  simulator.addProcess({ sensor: simulator.addSensor({ name: 'A', addresses: [] }), path: PATH, md5: MD5 });
  for (const host of ['x" OR process_md5:"' + MD5, 'x" hostname:"A', 'x\\" hostname:"A', '(A)']) {
    expect(await connection.perform('search-processes', { host })).toMatchObject({ output: { total: 0 } });
  }
  expect(await connection.perform('search-processes', { host: '*' })).toMatchObject({
    kind: 'failed',
    reason: 'invalid-input',
  });
});

test('nothing given is no question', async () => {
  const { connection, reads } = await setUp();
  expect(await connection.perform('search-processes', { limit: 5 })).toMatchObject({
    kind: 'failed',
    reason: 'missing-input',
  });
  expect(reads).toEqual([]);
});

test('more than was asked for is counted, and the answer is not complete', async () => {
  const { simulator, connection } = await setUp();
  const sensor = simulator.addSensor({ name: 'A', addresses: [] });
  for (let count = 0; count < 12; count++) simulator.addProcess({ sensor, path: PATH, md5: MD5 });
  const answer = await connection.perform('search-processes', { md5: MD5, limit: 5 });
  expect(answer).toMatchObject({ output: { total: 12, complete: false } });
  expect(answer.kind === 'done' && answer.output).toHaveProperty('processes.length', 5);
});

test('a process is found when it has been indexed, and until then the note says why not', async () => {
  const { simulator, connection } = await setUp({ lag: { processes: 900_000 } });
  simulator.addProcess({ sensor: simulator.addSensor({ name: 'A', addresses: [] }), path: PATH, md5: MD5 });
  expect(await connection.perform('search-processes', { md5: MD5 })).toMatchObject({
    output: { total: 0, lag_note: LAG_NOTE },
  });
  simulator.tick(NOW + 900_000);
  expect(await connection.perform('search-processes', { md5: MD5 })).toMatchObject({ output: { total: 1 } });
});

test('the published answer of 7.x is understood; rows of one process are one, and a part of the index is not all', async () => {
  const page = recorded('demisto/excerpt_commands_test_data.json', 'process_search');
  const row = recorded('demisto/excerpt_commands_test_data.json', 'process_search', 'results', 0);
  const body = { ...page, results: [row, { ...row, segment_id: 1 }], total_results: 2, incomplete_results: true };
  const connection = await connected(() => Response.json(body));
  expect(await connection.perform('search-processes', { md5: String(row['process_md5']) })).toEqual({
    kind: 'done',
    output: {
      processes: [
        {
          sensor: 24,
          host: 'host',
          guid: '00000018-0000-164c-01d5-9ed472b33472',
          name: 'chrome.exe',
          path: 'c:\\program files (x86)\\google\\chrome\\application\\chrome.exe',
          md5: '8698e468bc379e30383a72ce63da7972',
          user: 'host\\user',
          start: '2019-11-19T12:25:37.190Z',
          ended: false,
        },
      ],
      total: 2,
      complete: false,
      lag_note: LAG_NOTE,
    },
  });
});

test('the recorded answer without rows is understood', async () => {
  const body = recorded('cbapi-python_recorded/06_get_process_search_rows0.json', 'response', 'body');
  const connection = await connected(() => Response.json(body));
  expect(await connection.perform('search-processes', { host: 'A' })).toMatchObject({
    output: { processes: [], total: 34_884, complete: false },
  });
});

test('a query that the server calls malformed is rejected with its words', async () => {
  const { simulator, connection } = await setUp();
  const body = '{"reason":"query_malformed_syntax"}';
  simulator.fault({ fault: { kind: 'status', status: 400, body } });
  expect(await connection.perform('search-processes', { host: 'A' })).toEqual({
    kind: 'failed',
    reason: 'rejected',
    detail: 'process search: status 400: "{\\"reason\\":\\"query_malformed_syntax\\"}"',
  });
});

const ROW = { id: '00000018-0000-164c-01d5-9ed472b33472', hostname: 'a', sensor_id: 24 };

test('a sensor id is a number, also where it is written as text', () => {
  expect(parseProcess({ ...ROW, sensor_id: '24' })).toEqual({ sensor: 24, host: 'a', guid: ROW.id });
});

test.each([
  ['a number beyond 2^53 as key', { id: Number('-3748189368838069954') }],
  ['such a number in text', { id: '-3748189368838069954' }],
  ['a sensor beyond 2^53', { sensor_id: '9007199254740993' }],
  ['no sensor', { sensor_id: null }],
  ['no host', { hostname: '' }],
])('a row with %s is malformed', (_, fields) => {
  expect(() => parseProcess({ ...ROW, ...fields })).toThrow(/^process: /);
});
