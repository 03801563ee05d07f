import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../base/json.ts';
import { at, isObject } from '../../base/json.ts';
import { createSimulator } from './simulator.ts';

const NOW = Date.parse('2026-11-24T09:00:00Z');
const TOKEN = 'api-token-of-a-user';

function setUp() {
  const simulator = createSimulator({ token: TOKEN, now: NOW });
  const ask = (path: string, init: RequestInit = {}): Promise<Response> | Response =>
    simulator.fetch(new Request(`http://cb${path}`, { headers: { 'X-Auth-Token': TOKEN }, ...init }));
  const read = async (path: string): Promise<Json> => (await (await ask(path)).json()) as Json;
  return { simulator, ask, read };
}

function recorded(name: string, ...path: (string | number)[]): JsonObject {
  const text = readFileSync(new URL(`../../../test/fixtures/carbonblack/${name}`, import.meta.url), 'utf8');
  const value = at(JSON.parse(text) as Json, path);
  if (!isObject(value)) throw new Error(`${name} has no object there`);
  return value;
}

/** Keys with the kinds of their values. */
function shape(value: Json | undefined): { [key: string]: string } {
  if (!isObject(value)) throw new Error('not an object');
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typeof item]));
}

test('a sensor has the keys and types of the recorded one', async () => {
  const { simulator, read } = setUp();
  simulator.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.1'] });
  const known = recorded('cbapi-python_recorded/02_get_sensor_1.json', 'response', 'body');
  expect(shape(await read('/api/v1/sensor/1'))).toEqual(shape(known));
});

test('an alert has the keys and types of 7.x, a binary alert those of the bus without address and sensor', async () => {
  const { simulator, read } = setUp();
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.1'] });
  simulator.raiseAlert({ sensor });
  simulator.raiseAlert({ sensor, binary: true, created: NOW + 1 });
  const found = await read('/api/v2/alert?sort=created_time%20asc');
  expect(shape(at(found, ['results', 0]))).toEqual(
    shape(recorded('demisto/excerpt_commands_test_data.json', 'alert_v2_search', 'results', 0)),
  );
  const { event_timestamp, ...onBus } = recorded('cb-event-forwarder_raw_json/alert.watchlist.hit.query.binary/0.json');
  expect(event_timestamp).toBeTypeOf('number');
  const binary = Object.keys(shape(at(found, ['results', 1])));
  expect(binary).toEqual(expect.arrayContaining(Object.keys(onBus)));
  expect(binary).not.toEqual(expect.arrayContaining(['sensor_id']));
  expect(binary).not.toEqual(expect.arrayContaining(['interface_ip']));
});

test('_version_ is a number that JavaScript cannot hold', async () => {
  const { simulator, ask } = setUp();
  simulator.raiseAlert({ sensor: simulator.addSensor({ name: 'A', addresses: [] }) });
  expect(await (await ask('/api/v2/alert')).text()).toContain('"_version_":1770348406822141952');
});

test('the search for sensors is by case-sensitive substring, and the address wins', async () => {
  const { simulator, read } = setUp();
  simulator.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.1'] });
  simulator.addSensor({ name: 'HR-NB-007', addresses: ['10.0.0.15'] });
  const ids = async (query: string): Promise<Json> =>
    ((await read(`/api/v1/sensor?${query}`)) as readonly Json[]).map(row => at(row, ['id']) ?? null);
  expect(await ids('hostname=WS')).toEqual([1]);
  expect(await ids('hostname=ws')).toEqual([]);
  expect(await ids('ip=10.0.0.1')).toEqual([1, 2]);
  expect(await ids('hostname=FIN&ip=10.0.0.15')).toEqual([2]);
});

test('a search for alerts pages to empty and counts all', async () => {
  const { simulator, read } = setUp();
  const sensor = simulator.addSensor({ name: 'A', addresses: [] });
  for (let index = 0; index < 25; index++) simulator.raiseAlert({ sensor, created: NOW + index });
  expect(at(await read('/api/v2/alert'), ['results'])).toHaveLength(10);
  expect(at(await read('/api/v1/alert?start=20&rows=10'), ['results'])).toHaveLength(5);
  expect(await read('/api/v2/alert?start=30&rows=10')).toMatchObject({ results: [], total_results: 25 });
  expect(await read('/api/v2/alert?cb.fq.unique_id=00000000-0000-4000-8000-000000000003')).toMatchObject({
    total_results: 1,
  });
});

test('a status is set with a POST to v1', async () => {
  const { simulator, ask } = setUp();
  const id = simulator.raiseAlert({ sensor: simulator.addSensor({ name: 'A', addresses: [] }) });
  const post = (path: string, status: string): Promise<Response> | Response =>
    ask(path, { method: 'POST', body: JSON.stringify({ unique_id: id, status }) });
  expect(await (await post(`/api/v1/alert/${id}`, 'Resolved')).json()).toEqual({ result: 'success' });
  expect(simulator.state()).toMatchObject({ alerts: { [id]: 'Resolved' } });
  expect((await post(`/api/v1/alert/${id}`, 'Done')).status).toBe(400);
  expect((await post('/api/v1/alert/none', 'Resolved')).status).toBe(404);
});

test('a process and a binary have the keys and types of those that are known', async () => {
  const { simulator, read } = setUp();
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['10.0.0.1'] });
  const md5 = 'a94f5374fce5edbc8e2a8697c15331a9';
  simulator.addProcess({ sensor, path: 'c:\\temp\\dropper.exe', md5 });
  simulator.addBinary({ md5 });
  const page = recorded('cbapi-python_recorded/06_get_process_search_rows0.json', 'response', 'body');
  const found = await read('/api/v1/process?q=process_md5:a94f5374fce5edbc8e2a8697c15331a9');
  expect(shape(found)).toEqual(shape(page));
  const process = recorded('demisto/excerpt_commands_test_data.json', 'process_search', 'results', 0);
  expect(shape(process)).toMatchObject(shape(at(found, ['results', 0])));
  const binary = recorded('cbapi-python_recorded/14_get_binary_search_rows1.json', 'response', 'body', 'results', 0);
  expect(shape(binary)).toMatchObject(shape(await read(`/api/v1/binary/${md5}/summary`)));
});

test('a query that cannot be read is malformed', async () => {
  const { ask } = setUp();
  for (const q of ['hostname:"A', '(hostname:A', 'A"', 'hostname:"A"B']) {
    expect((await ask(`/api/v1/process?q=${encodeURIComponent(q)}`)).status).toBe(400);
  }
});

test('a change of a sensor from 7.1 on is rejected where it has any other field', async () => {
  const simulator = createSimulator({ token: TOKEN, now: NOW, strict: true });
  const sensor = simulator.addSensor({ name: 'A', addresses: [] });
  const put = async (body: object): Promise<number> => {
    const init = { method: 'PUT', headers: { 'X-Auth-Token': TOKEN }, body: JSON.stringify(body) };
    return (await simulator.fetch(new Request(`http://cb/api/v1/sensor/${sensor}`, init))).status;
  };
  expect(await put({ network_isolation_enabled: true, computer_name: 'A' })).toBe(400);
  expect(simulator.state()).toMatchObject({ isolation: {} });
  expect(await put({ network_isolation_enabled: true, group_id: 1 })).toBe(204);
  expect(simulator.state()).toMatchObject({ isolation: { [sensor]: 'requested' } });
});

test('a sensor checks in every 30 s, and only while it is online', async () => {
  const { simulator } = setUp();
  const sensor = simulator.addSensor({ name: 'A', addresses: [] });
  const isolation = (): Json => at(simulator.state(), ['isolation', String(sensor)]) ?? 'none';
  simulator.requestIsolation(sensor, true);
  simulator.tick(NOW + 29_999);
  expect(isolation()).toBe('requested');
  simulator.setOnline(sensor, false);
  simulator.tick(NOW + 86_400_000);
  expect(isolation()).toBe('requested');
  simulator.setOnline(sensor, true);
  simulator.tick(NOW + 86_400_001);
  expect(isolation()).toBe('isolated');
});

test('every answer has the recorded headers, and none comes without the token', async () => {
  const { ask } = setUp();
  const known = recorded('cbapi-python_recorded/00_get_info.json', 'response', 'headers');
  const { headers } = await ask('/api/info');
  for (const name of [
    'Server',
    'Content-Type',
    'Cache-Control',
    'Strict-Transport-Security',
    'X-Content-Type-Options',
    'X-Frame-Options',
  ]) {
    expect(headers.get(name)).toBe(known[name]);
  }
  expect((await ask('/api/info', { headers: {} })).status).toBe(401);
});
