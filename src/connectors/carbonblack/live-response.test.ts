import { expect, test } from 'vitest';
import type { Stage } from '../../../test/kit/carbonblack.ts';
import { recorded, setUp } from '../../../test/kit/carbonblack.ts';
import type { Answer } from '../../action/outcome.ts';
import type { Json } from '../../base/json.ts';
import { own } from '../../base/json.ts';
import type { CarbonBlackOptions } from './simulator.ts';

const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';
const PATH = 'c:\\users\\mharris\\invoice.docm';

interface Host extends Stage {
  readonly sensor: number;
  readonly guid: string;
  readonly pid: number;
}

async function host(options: Partial<CarbonBlackOptions> = {}): Promise<Host> {
  const stage = await setUp(options);
  const sensor = stage.simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const guid = stage.simulator.addProcess({ sensor, path: 'c:\\temp\\beacon.exe', md5: MD5 });
  const pid = 5_708;
  return { ...stage, sensor, guid, pid };
}

/** Asks again, with what happens in between, until it is no more pending. */
async function follow(
  { connection, simulator }: Stage,
  action: string,
  input: Json,
  between: () => void,
): Promise<Answer> {
  let answer = await connection.perform(action, input);
  while (answer.kind === 'pending') {
    between();
    simulator.tick(connection.pass(answer.again));
    answer = await connection.resume(action, JSON.parse(JSON.stringify(answer.token)) as Json, input);
  }
  return answer;
}

test('a process is ended when it has gone from the list, and the session is closed', async () => {
  const stage = await host();
  const { simulator, end, sensor, guid, pid, changes } = stage;
  expect(await end('kill-process', { sensor, guid })).toEqual({
    kind: 'done',
    output: { sensor, guid, running: false, path: 'c:\\temp\\beacon.exe' },
  });
  expect(simulator.state()).toMatchObject({ killed: [`${sensor}/${pid}`] });
  expect(simulator.sessions()).toEqual({});
  expect(
    changes.map(({ to, body }) => [to.replaceAll(/\d+/g, 'N').replace('/api/vN/cblr', ''), own(body, 'name')]),
  ).toEqual([
    ['POST /session', undefined],
    ['POST /session/N/command', 'process list'],
    ['POST /session/N/command', 'kill'],
    ['POST /session/N/command', 'process list'],
    ['PUT /session/N', undefined],
  ]);
});

test('it is found by the id of an alert, with the segment behind the GUID', async () => {
  const { end, sensor, guid } = await host();
  const entity = `${guid.toUpperCase()}-018918a066af`;
  expect(await end('kill-process', { sensor, guid: entity })).toMatchObject({ kind: 'done', output: { guid } });
});

test('a process that is gone is already ended, and its pid is left to whoever has it now', async () => {
  const { simulator, end, sensor, guid, pid, changes } = await host();
  const later = `${guid.slice(0, 24)}${'f'.repeat(12)}`;
  expect(await end('kill-process', { sensor, guid: later })).toEqual({
    kind: 'done',
    already: true,
    output: { sensor, guid: later, running: false },
  });
  expect(changes.map(({ body }) => own(body, 'name'))).not.toContain('kill');
  expect(simulator.state()).toMatchObject({ killed: [] });
  expect(pid).toBeGreaterThan(0);
});

test.each([
  ['another sensor', '00000063-0000-164c-01d5-9ed472b33472', 'sensor 99, not of sensor 1'],
  ['nothing', '"; drop', 'is no GUID'],
])('a GUID of %s is refused before a session is opened', async (_, wrong, why) => {
  const { end, sensor, changes } = await host();
  const guid = wrong.padEnd(36, 'x');
  expect(await end('kill-process', { sensor, guid })).toMatchObject({
    kind: 'failed',
    reason: 'invalid-input',
    detail: expect.stringContaining(why),
  });
  expect(changes).toEqual([]);
});

test('a process that the sensor cannot end has not been ended, and the answer says why', async () => {
  const { simulator, end, sensor, guid, pid } = await host();
  simulator.protect(sensor, pid);
  expect(await end('kill-process', { sensor, guid })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: expect.stringContaining('access denied'),
  });
  expect(simulator.sessions()).toEqual({});
});

test('a list that is old by the time it is read is taken again before anything is ended', async () => {
  const stage = await host();
  const { simulator, connection, sensor, guid, changes } = stage;
  let isLate = false;
  const answer = await follow(stage, 'kill-process', { sensor, guid }, () => {
    const isListed = changes.at(-1)?.to.endsWith('/command') === true;
    // The answer takes a minute to be read: we were down.
    if (isListed && !isLate) {
      simulator.tick(connection.pass(1_000));
      connection.pass(60_000);
      isLate = true;
    }
  });
  expect(answer).toMatchObject({ kind: 'done' });
  const names = changes.map(({ body }) => own(body, 'name')).filter(name => name !== undefined);
  expect(names).toEqual(['process list', 'process list', 'kill', 'process list']);
});

test('an offline sensor is said at once, and no session is opened for it', async () => {
  const { simulator, end, sensor, guid, changes } = await host();
  simulator.setOnline(sensor, false);
  for (const [action, input] of [
    ['kill-process', { sensor, guid }],
    ['collect-file', { sensor, path: PATH }],
  ] as const) {
    const answer = await end(action, input);
    expect(answer).toMatchObject({ kind: 'failed', reason: 'unreachable', detail: expect.stringContaining('offline') });
  }
  expect(changes).toEqual([]);
});

test('a sensor that does not come into the session is waited for until the server gives it up; nothing is done later', async () => {
  const stage = await host();
  const { simulator, sensor, guid } = stage;
  const answer = await follow(stage, 'kill-process', { sensor, guid }, () => simulator.setOnline(sensor, false));
  expect(answer).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
    detail: expect.stringContaining('nothing was done'),
  });
  simulator.setOnline(sensor, true);
  simulator.tick(stage.connection.pass(600_000));
  expect(simulator.state()).toMatchObject({ killed: [] });
});

test('a session that stays pending is closed at our deadline', async () => {
  const stage = await host();
  const { simulator, sensor, guid, changes } = stage;
  const pending = { id: 77, sensor_id: sensor, status: 'pending' };
  const body = JSON.stringify(pending);
  simulator.fault({ fault: { kind: 'status', status: 200, body }, method: 'POST', path: '/cblr/session' });
  simulator.fault({ fault: { kind: 'status', status: 200, body }, path: '/cblr/session/77' });
  expect(await stage.end('kill-process', { sensor, guid })).toMatchObject({
    kind: 'failed',
    reason: 'timeout',
    detail: expect.stringContaining('360 s'),
  });
  expect(changes.at(-1)).toEqual({ to: 'PUT /api/v1/cblr/session/77', body: { ...pending, status: 'close' } });
});

test('a sensor that goes offline after it was told to end a process leaves it unconfirmed, and the session is kept until then', async () => {
  const stage = await host();
  const { simulator, sensor, guid, changes, reads } = stage;
  const answer = await follow(stage, 'kill-process', { sensor, guid }, () => {
    if (own(changes.at(-1)?.body ?? null, 'name') === 'kill') simulator.setOnline(sensor, false);
  });
  expect(answer).toMatchObject({ kind: 'unconfirmed', detail: expect.stringContaining('"kill" in 240 s') });
  expect(reads.filter(read => read.endsWith('/keepalive')).length).toBeGreaterThan(1);
  expect(simulator.sessions()).toEqual({});
});

test("an analyst's session is used, and left open", async () => {
  const { simulator, end, sensor, guid } = await host();
  const session = simulator.openSession(sensor);
  expect(await end('kill-process', { sensor, guid })).toMatchObject({ kind: 'done' });
  expect(simulator.sessions()).toEqual({ [session]: sensor });
});

test('a session that ends under us is opened again, and everything begins anew', async () => {
  const stage = await host();
  const { simulator, sensor, guid } = stage;
  const session = simulator.openSession(sensor);
  let polls = 0;
  const answer = await follow(stage, 'kill-process', { sensor, guid }, () => {
    if (++polls === 2) simulator.endSession(session);
  });
  expect(answer).toMatchObject({ kind: 'done', output: { running: false } });
  expect(answer).not.toHaveProperty('already');
  expect(simulator.sessions()).toEqual({});
});

test('a file is fetched from the host, kept, and the session is closed', async () => {
  const { simulator, connection, end, sensor } = await host();
  simulator.putFile(sensor, PATH, Buffer.from('of a host'));
  const answer = await end('collect-file', { sensor, path: PATH });
  expect(answer).toMatchObject({
    kind: 'done',
    output: { found: true, file: { name: 'invoice.docm', size: 9 } },
  });
  const file = answer.kind === 'done' ? own(answer.output, 'file') : undefined;
  expect(Buffer.from(await connection.files.read(file as never)).toString()).toBe('of a host');
  expect(simulator.sessions()).toEqual({});
});

test('a path where there is no file is an answer', async () => {
  const { end, sensor } = await host();
  expect(await end('collect-file', { sensor, path: 'c:\\nothing' })).toEqual({
    kind: 'done',
    output: { found: false },
  });
});

test('Live Response that is switched off on the server is said to be so', async () => {
  const { end, sensor, guid } = await host({ live: false });
  expect(await end('kill-process', { sensor, guid })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: expect.stringContaining('switched off on the server'),
  });
});

test('sessions and commands of the simulator have the fields that were recorded', async () => {
  const { simulator, connection, sensor } = await host();
  const id = simulator.openSession(sensor);
  const session = recorded('cbapi-python_recorded/04_get_cblr_session_1.json', 'response', 'body');
  const rows: Json[] = [];
  const ask = async (path: string, init?: RequestInit): Promise<Json> => {
    const request = new Request(`http://cb${path}`, { headers: { 'x-auth-token': 'api-token-of-a-user' }, ...init });
    return (await (await simulator.fetch(request)).json()) as Json;
  };
  rows.push(await ask(`/api/v1/cblr/session/${id}`));
  expect(Object.keys(rows[0] as object).toSorted()).toEqual(Object.keys(session).toSorted());
  const asked = recorded('cbapi-python_recorded/12_post_cblr_command_process_list.json', 'response', 'body');
  const body = JSON.stringify({ name: 'process list', session_id: id });
  const command = await ask(`/api/v1/cblr/session/${id}/command`, { method: 'POST', body });
  expect(Object.keys(command as object).toSorted()).toEqual(Object.keys(asked).toSorted());
  simulator.tick(connection.pass(1_000));
  const done = recorded('cbapi-python_recorded/13_get_cblr_command_4_process_list_complete.json', 'response', 'body');
  const listed = await ask(`/api/v1/cblr/session/${id}/command/${String(own(command, 'id'))}`);
  expect(Object.keys(listed as object).toSorted()).toEqual(Object.keys(done).toSorted());
  const [ours] = own(listed, 'processes') as unknown as [object];
  const [theirs] = own(done, 'processes') as unknown as [object];
  expect(Object.keys(ours).toSorted()).toEqual(Object.keys(theirs).toSorted());
});
