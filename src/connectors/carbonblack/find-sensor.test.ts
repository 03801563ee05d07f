import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import type { Simulator } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { hasName, parseSensor } from './sensor.ts';
import { createSimulator } from './simulator.ts';

const TOKEN = 'api-token-of-a-user';
const NOW = Date.parse('2026-11-24T09:00:00Z');

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function setUp({ noMatch = 200 }: { noMatch?: 204 | 200 | 500 } = {}) {
  const simulator = createSimulator({ token: TOKEN, now: NOW, noMatch });
  return { simulator, connection: await connecting(simulator) };
}

async function connecting({ fetch }: Simulator, extra: object = {}): Promise<Connected> {
  const connection = await connect(connector, fetch, {
    settings: url => ({ url, token: new Secret(TOKEN), ...extra }),
  });
  open.push(connection);
  return connection;
}

function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../test/fixtures/carbonblack/${name}`, import.meta.url), 'utf8'));
}

test('the sensor with exactly this address, not one whose address contains it', async () => {
  const { simulator, connection } = await setUp();
  simulator.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.15'] });
  const id = simulator.addSensor({
    name: 'FIN-WS-043',
    addresses: ['127.0.0.1', '10.0.0.1', '169.254.3.4', 'fe80::5efe', '2001:db8::7'],
  });
  expect(await connection.perform('find-sensor', { ip: '10.0.0.1' })).toEqual({
    kind: 'done',
    output: {
      id,
      name: 'FIN-WS-043',
      addresses: ['10.0.0.1', '2001:db8::7'],
      online: true,
      isolated: false,
      isolating: false,
      group_id: 1,
      os: 'Windows 10 Enterprise, 64-bit',
      last_seen: '2026-11-24T09:00:00.000Z',
    },
  });
});

test.each(['FIN-WS-042', 'fin-ws-042', 'Fin-ws-042.corp.example', 'fin-ws-042.CORP.example'])(
  'the name %s is found whatever its case and with or without domain',
  async name => {
    const { simulator, connection } = await setUp();
    simulator.addSensor({ name: 'FIN-WS-0421', addresses: [] });
    const id = simulator.addSensor({ name: 'FIN-WS-042', addresses: [] });
    expect(await connection.perform('find-sensor', { name })).toMatchObject({ kind: 'done', output: { id } });
  },
);

test('the id wins over the name, the name over the address', async () => {
  const { simulator, connection } = await setUp();
  const first = simulator.addSensor({ name: 'A', addresses: ['10.0.0.1'] });
  const second = simulator.addSensor({ name: 'B', addresses: ['10.0.0.2'] });
  expect(await connection.perform('find-sensor', { id: String(first), name: 'B' })).toMatchObject({
    output: { id: first },
  });
  expect(await connection.perform('find-sensor', { name: 'B', ip: '10.0.0.1' })).toMatchObject({
    output: { id: second },
  });
});

test.each([204, 200, 500] as const)('none is not found, also where the server says so with %i', async noMatch => {
  const { connection } = await setUp({ noMatch });
  for (const asked of [{ name: 'NOBODY' }, { ip: '10.9.9.9' }, { id: '77' }]) {
    expect(await connection.perform('find-sensor', asked)).toMatchObject({ kind: 'failed', reason: 'not-found' });
  }
});

test('a 500 of a server that is not well is no proof that there is none', async () => {
  const { simulator, connection } = await setUp();
  simulator.fault({ fault: { kind: 'status', status: 500 } });
  expect(await connection.perform('find-sensor', { name: 'A' })).toMatchObject({
    kind: 'retry',
    reason: 'unavailable',
  });
});

test('twins are refused with their ids, or the one that was seen last is taken if the settings say so', async () => {
  const { simulator, connection } = await setUp();
  simulator.addSensor({ name: 'PC7', addresses: ['10.0.0.7'], lastSeen: NOW - 1_000 });
  simulator.addSensor({ name: 'pc7', addresses: ['10.0.0.7'], lastSeen: NOW - 86_400_000, online: false });
  expect(await connection.perform('find-sensor', { name: 'PC7' })).toEqual({
    kind: 'failed',
    reason: 'ambiguous',
    detail: '2 sensors have the name "PC7": 1, 2',
  });
  const newest = await connecting(simulator, { twins: 'newest' });
  expect(await newest.perform('find-sensor', { ip: '10.0.0.7' })).toMatchObject({ kind: 'done', output: { id: 1 } });
});

test.each([
  [{}, 'missing-input'],
  [{ id: 'abc' }, 'invalid-input'],
])('%j is no question', async (input, reason) => {
  const { connection } = await setUp();
  expect(await connection.perform('find-sensor', input)).toMatchObject({ kind: 'failed', reason });
});

test('two domains of one short name are two hosts', () => {
  const sensor = { computer_name: 'FIN-WS-042', computer_dns_name: 'fin-ws-042.a.example' };
  expect(hasName(sensor, 'FIN-WS-042')).toBe(true);
  expect(hasName(sensor, 'fin-ws-042.A.example')).toBe(true);
  expect(hasName(sensor, 'fin-ws-042.b.example')).toBe(false);
});

test.each([
  [
    { network_isolation_enabled: false, is_isolating: false },
    { isolated: false, isolating: false },
  ],
  [
    { network_isolation_enabled: true, is_isolating: false },
    { isolated: false, isolating: true },
  ],
  [
    { network_isolation_enabled: true, is_isolating: true },
    { isolated: true, isolating: false },
  ],
  [
    { network_isolation_enabled: false, is_isolating: true },
    { isolated: true, isolating: false },
  ],
])('the flags %j mean %j', (flags, meaning) => {
  const recording = recorded('cbapi-python_recorded/02_get_sensor_1.json') as { response: { body: object } };
  expect(parseSensor({ ...recording.response.body, ...flags })).toMatchObject(meaning);
});

test('recorded sensors are understood', () => {
  const recording = recorded('cbapi-python_recorded/02_get_sensor_1.json') as { response: { body: {} } };
  expect(parseSensor(recording.response.body)).toEqual({
    id: 1,
    name: 'WIN7-HYPERV-2',
    addresses: ['192.168.1.163'],
    online: true,
    isolated: false,
    isolating: false,
    group_id: 1,
    os: 'Windows 7 Professional Service Pack 1, 32-bit',
    last_seen: '2018-02-06T18:44:33.883Z',
  });
  const listed = recorded('demisto/excerpt_commands_test_data.json') as { sensor_v1_list: [{}] };
  expect(parseSensor(listed.sensor_v1_list[0])).toMatchObject({ id: 15, online: false, addresses: ['3.3.3.3'] });
  const changed = recorded('rapid7/uninstall_sensors_get.json') as { pre_uninstall: {} };
  expect(parseSensor(changed.pre_uninstall)).toMatchObject({
    id: 12,
    name: 'MSEDGEWIN10',
    last_seen: '2022-02-08T22:01:48.333Z',
  });
});
