import { describe, expect, test } from 'vitest';
import type { Stage } from '../../../test/kit/carbonblack.ts';
import { NOW, connected, recorded, setUp } from '../../../test/kit/carbonblack.ts';

const CHECK_IN = 30_000;

async function withHost(
  sensor: Parameters<Stage['simulator']['addSensor']>[0] | object = {},
  options: Parameters<typeof setUp>[0] = {},
) {
  const stage = await setUp(options);
  const id = stage.simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'], ...sensor });
  return { ...stage, id };
}

/** Lets the product and the connector get older together, then asks again. */
async function later({ simulator, connection }: Stage, { id, token, by }: { id: number; token: unknown; by: number }) {
  simulator.tick(connection.pass(by));
  return connection.resume('isolate-host', token as null, { sensor: id });
}

describe('isolate-host', () => {
  test('a 204 means requested: pending until the sensor has checked in, then done (I1)', async () => {
    const stage = await withHost();
    const answer = await stage.connection.perform('isolate-host', { sensor: stage.id });
    expect(answer).toEqual({
      kind: 'pending',
      token: { until: NOW + 2 * CHECK_IN + 60_000, by: 'us' },
      again: 5_000,
    });
    expect(stage.simulator.state()).toMatchObject({ isolation: { [stage.id]: 'requested' } });
    expect(await stage.connection.verify('isolate-host', { sensor: stage.id })).toMatchObject({
      stands: false,
      summary: 'requested',
    });
    const token = answer.kind === 'pending' ? answer.token : null;
    expect(await later(stage, { id: stage.id, token, by: 5_000 })).toMatchObject({ kind: 'pending' });
    expect(await later(stage, { id: stage.id, token, by: CHECK_IN })).toEqual({
      kind: 'done',
      output: { sensor: stage.id, host: 'FIN-WS-042', isolated: true },
    });
    expect(await stage.connection.verify('isolate-host', { sensor: stage.id })).toMatchObject({
      stands: true,
      summary: 'yes',
    });
  });

  test.each([200, 204] as const)('a %i is an acceptance', async changed => {
    const { end, id } = await withHost({}, { changed });
    expect(await end('isolate-host', { sensor: id })).toMatchObject({ kind: 'done' });
  });

  test('an offline sensor is unconfirmed at once, and is isolated at its next check-in (I2)', async () => {
    const { simulator, connection, end, id } = await withHost({ online: false });
    expect(await connection.perform('isolate-host', { sensor: id })).toEqual({
      kind: 'unconfirmed',
      output: { sensor: id, host: 'FIN-WS-042', isolated: false },
      detail:
        'isolation of FIN-WS-042 (sensor 1) is requested, but the sensor is offline: it will be done at its next check-in; the sensor checked in last at 2026-11-24T09:00:00.000Z',
    });
    simulator.setOnline(id, true);
    expect(await end('isolate-host', { sensor: id })).toMatchObject({ kind: 'done', already: true });
  });

  test('a sensor that goes offline while it is waited for is unconfirmed then', async () => {
    const stage = await withHost();
    const answer = await stage.connection.perform('isolate-host', { sensor: stage.id });
    stage.simulator.setOnline(stage.id, false);
    const token = answer.kind === 'pending' ? answer.token : null;
    expect(await later(stage, { id: stage.id, token, by: 5_000 })).toMatchObject({ kind: 'unconfirmed' });
  });

  test('a sensor that does not check in is waited for as long as two check-ins and a minute', async () => {
    const stage = await withHost();
    // The server calls it online for 5 minutes after its last check-in.
    const asked = await stage.connection.perform('isolate-host', { sensor: stage.id });
    const token = asked.kind === 'pending' ? asked.token : null;
    const resume = () => stage.connection.resume('isolate-host', token, { sensor: stage.id });
    stage.connection.pass(119_000);
    expect(await resume()).toEqual({ kind: 'pending', token, again: 1_000 });
    stage.connection.pass(1_000);
    expect(await resume()).toEqual({
      kind: 'unconfirmed',
      output: { sensor: stage.id, host: 'FIN-WS-042', isolated: false },
      detail:
        'isolation of FIN-WS-042 (sensor 1) is requested, but not confirmed in time; the sensor checked in last at 2026-11-24T09:00:00.000Z',
    });
  });

  test('a fleet that checks in rarely is waited for longer', async () => {
    const { connection, end, id } = await withHost({ checkIn: 1_335_000 });
    expect(await connection.perform('isolate-host', { sensor: id })).toMatchObject({
      token: { until: NOW + 2 * 1_335_000 + 60_000 },
    });
    expect(await end('isolate-host', { sensor: id })).toMatchObject({ kind: 'done' });
  });

  test('what is so already is not sent again', async () => {
    const { simulator, connection, changes, id } = await withHost();
    simulator.requestIsolation(id, true);
    simulator.tick(NOW + CHECK_IN);
    expect(await connection.perform('isolate-host', { sensor: id })).toEqual({
      kind: 'done',
      already: true,
      output: { sensor: id, host: 'FIN-WS-042', isolated: true },
    });
    expect(changes).toEqual([]);
  });

  test('what somebody else has requested is waited for, not sent again, and not ours (I3)', async () => {
    const { simulator, connection, changes, end, id } = await withHost();
    simulator.requestIsolation(id, true);
    expect(await connection.perform('isolate-host', { sensor: id })).toMatchObject({
      kind: 'pending',
      token: { by: 'somebody' },
    });
    expect(await end('isolate-host', { sensor: id })).toMatchObject({ kind: 'done', already: true });
    expect(changes).toEqual([]);
  });

  test('a request that somebody takes back meanwhile has failed', async () => {
    const stage = await withHost();
    const answer = await stage.connection.perform('isolate-host', { sensor: stage.id });
    stage.simulator.requestIsolation(stage.id, false);
    const token = answer.kind === 'pending' ? answer.token : null;
    expect(await later(stage, { id: stage.id, token, by: 5_000 })).toMatchObject({
      kind: 'failed',
      reason: 'conflict',
    });
  });

  test('a host that is being let back is isolated by taking the release back', async () => {
    const { simulator, connection, end, id } = await withHost();
    await end('isolate-host', { sensor: id });
    simulator.requestIsolation(id, false);
    expect(await connection.verify('isolate-host', { sensor: id })).toMatchObject({
      stands: false,
      summary: 'yes, release requested',
    });
    expect(await connection.perform('isolate-host', { sensor: id })).toMatchObject({ kind: 'done' });
  });

  test('a sensor that does not support isolation is not asked', async () => {
    const { connection, changes, id } = await withHost({ supportsIsolation: false });
    expect(await connection.perform('isolate-host', { sensor: id })).toEqual({
      kind: 'failed',
      reason: 'rejected',
      detail: 'the sensor on FIN-WS-042 does not support isolation',
    });
    expect(changes).toEqual([]);
    expect((await connection.verify('isolate-host', { sensor: id })).notes).toContain(
      'the sensor does not support isolation',
    );
  });

  test('only what 7.1 takes is sent, with the group that the sensor is in now', async () => {
    const { connection, changes, id } = await withHost({ group: 7 }, { strict: true });
    expect(await connection.perform('isolate-host', { sensor: id })).toMatchObject({ kind: 'pending' });
    expect(changes).toEqual([
      { to: `PUT /api/v1/sensor/${id}`, body: { network_isolation_enabled: true, group_id: 7 } },
    ]);
  });

  test('a 2xx with another result than success has failed', async () => {
    const { simulator, connection, id } = await withHost();
    const body = '{"result":"not permitted"}';
    simulator.fault({ fault: { kind: 'status', status: 200, body }, method: 'PUT' });
    expect(await connection.perform('isolate-host', { sensor: id })).toEqual({
      kind: 'failed',
      reason: 'rejected',
      detail: 'isolation: status 200, but the result is "not permitted"',
    });
  });

  test('a success after which nothing is requested has failed', async () => {
    const { simulator, connection, id } = await withHost();
    simulator.fault({ fault: { kind: 'status', status: 200, body: '{"result":"success"}' }, method: 'PUT' });
    expect(await connection.perform('isolate-host', { sensor: id })).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
    });
  });

  test('a refusal in prose is quoted', async () => {
    const { simulator, connection, id } = await withHost();
    simulator.fault({ fault: { kind: 'status', status: 403, body: '<h1>Forbidden</h1>' }, method: 'PUT' });
    expect(await connection.perform('isolate-host', { sensor: id })).toEqual({
      kind: 'failed',
      reason: 'auth',
      detail: 'isolation: status 403: "<h1>Forbidden</h1>"',
    });
  });

  test('there is no such sensor', async () => {
    const { connection } = await withHost();
    expect(await connection.perform('isolate-host', { sensor: 77 })).toMatchObject({
      kind: 'failed',
      reason: 'not-found',
    });
    await expect(connection.verify('isolate-host', { sensor: 77 })).rejects.toMatchObject({ reason: 'not-found' });
  });

  test('an answer about another sensor isolates nobody', async () => {
    const connection = await connected(() =>
      Response.json(recorded('cbapi-python_recorded/02_get_sensor_1.json', 'response', 'body')),
    );
    expect(await connection.perform('isolate-host', { sensor: 2 })).toEqual({
      kind: 'retry',
      reason: 'malformed-answer',
      detail: 'sensor: asked for 2, the answer is about 1',
    });
  });

  test('the recorded sensor is understood, with its age', async () => {
    const connection = await connected(() =>
      Response.json(recorded('cbapi-python_recorded/02_get_sensor_1.json', 'response', 'body')),
    );
    expect(await connection.verify('isolate-host', { sensor: 1 })).toEqual({
      stands: false,
      summary: 'no',
      notes: ['a reboot lets the host back until its sensor, which is older than 7.4.1, has checked in'],
      targets: [
        { kind: 'host', value: 'WIN7-HYPERV-2' },
        { kind: 'ip', value: '192.168.1.163' },
      ],
      state: { name: 'WIN7-HYPERV-2', online: true, requested: false, isolated: false },
    });
  });

  test('what is requested and not yet in place is said to be so', async () => {
    const body = recorded('cbapi-python_recorded/02_get_sensor_1.json', 'response', 'body') as object;
    const connection = await connected(() => Response.json({ ...body, network_isolation_enabled: true }));
    expect(await connection.verify('isolate-host', { sensor: 1 })).toMatchObject({ stands: false, requested: true });
  });

  test.each([
    ['006.002.000.70329', true],
    ['007.004.000.00001', true],
    ['007.004.001.00001', false],
    ['007.010.000.00001', false],
    ['unknown', false],
  ])('a sensor %s loses its isolation at a reboot: %j', async (version, isLost) => {
    const { simulator, connection, end, id } = await withHost({ version });
    const { notes } = await connection.verify('isolate-host', { sensor: id });
    expect(notes?.some(note => note.includes('reboot'))).toBe(isLost);
    if (version === 'unknown') return;
    await end('isolate-host', { sensor: id });
    simulator.reboot(id);
    expect((await connection.verify('isolate-host', { sensor: id })).stands).toBe(!isLost);
  });

  test.each([
    [{}, 'isolated: no -> yes'],
    [{ online: false }, 'isolated: no -> requested (offline: will be unconfirmed)'],
  ])('a plan for a sensor %j says %j', async (sensor, change) => {
    const { connection, id } = await withHost(sensor);
    const before = await connection.verify('isolate-host', { sensor: id });
    expect(connection.action('isolate-host').plan?.({ sensor: id }, before)).toMatchObject({ change });
  });

  test('a plan foretells no output for an offline sensor', async () => {
    const { connection, id } = await withHost({ online: false });
    const before = await connection.verify('isolate-host', { sensor: id });
    expect(connection.action('isolate-host').plan?.({ sensor: id }, before)).not.toHaveProperty('output');
  });
});

describe('release-host', () => {
  test('an isolated host is let back at the next check-in', async () => {
    const { simulator, connection, changes, end, id } = await withHost({ group: 3 });
    await end('isolate-host', { sensor: id });
    expect(await connection.perform('release-host', { sensor: id })).toMatchObject({ kind: 'pending' });
    expect(simulator.state()).toMatchObject({ isolation: { [id]: 'release requested' } });
    expect(await end('release-host', { sensor: id })).toMatchObject({ kind: 'done', output: { isolated: false } });
    expect(changes.at(-1)?.body).toEqual({ network_isolation_enabled: false, group_id: 3 });
    expect(simulator.state()).toMatchObject({ isolation: {} });
  });

  test('a host that is offline is let back when it comes, and that is said', async () => {
    const { simulator, connection, end, id } = await withHost();
    await end('isolate-host', { sensor: id });
    simulator.setOnline(id, false);
    const before = await connection.verify('release-host', { sensor: id });
    expect(connection.action('release-host').plan?.({ sensor: id }, before)).toMatchObject({
      change: 'isolated: yes -> release requested (offline: will be unconfirmed)',
    });
    const answer = await connection.perform('release-host', { sensor: id });
    expect(answer).toMatchObject({ kind: 'unconfirmed', output: { isolated: true } });
    expect(answer).toHaveProperty('detail', expect.stringContaining('release of FIN-WS-042 (sensor 1) is requested'));
  });

  test('a request that no sensor has followed yet is taken back at once', async () => {
    const { connection, simulator, id } = await withHost({ online: false });
    await connection.perform('isolate-host', { sensor: id });
    expect(await connection.perform('release-host', { sensor: id })).toMatchObject({ kind: 'done' });
    expect(simulator.state()).toMatchObject({ isolation: {} });
  });

  test('a host that is not isolated is left alone', async () => {
    const { connection, changes, id } = await withHost();
    expect(await connection.perform('release-host', { sensor: id })).toMatchObject({ kind: 'done', already: true });
    expect(changes).toEqual([]);
  });
});
