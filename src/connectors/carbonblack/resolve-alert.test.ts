import { expect, test } from 'vitest';
import type { Json } from '../../base/json.ts';
import { setUp } from '../../../test/kit/carbonblack.ts';

async function withAlert(status = 'Unresolved', lag = 0) {
  const stage = await setUp({ lag: { alerts: lag } });
  const sensor = stage.simulator.addSensor({ name: 'FIN-WS-042', addresses: [] });
  return { ...stage, alert: stage.simulator.raiseAlert({ sensor, status }) };
}

test('an alert is resolved when the search shows it', async () => {
  const { simulator, connection, changes, reads, alert } = await withAlert('Unresolved', 12_000);
  const asked = { alert, status: 'Resolved' };
  expect(await connection.perform('resolve-alert', asked)).toEqual({
    kind: 'pending',
    token: { previous: 'Unresolved' },
    again: 5_000,
  });
  expect(changes).toEqual([{ to: `POST /api/v1/alert/${alert}`, body: { unique_id: alert, status: 'Resolved' } }]);
  expect(reads[0]).toContain(`/api/v2/alert?cb.urlver=1&cb.fq.unique_id=${alert}&`);
  expect(simulator.state()).toMatchObject({ alerts: { [alert]: 'Resolved' } });
  expect(await connection.verify('resolve-alert', asked)).toMatchObject({ stands: false, summary: 'Unresolved' });
  simulator.tick(connection.pass(12_000));
  expect(await connection.resume('resolve-alert', { previous: 'Unresolved' }, asked)).toEqual({
    kind: 'done',
    output: { alert, status: 'Resolved', previous: 'Unresolved' },
  });
  expect(await connection.verify('resolve-alert', asked)).toEqual({
    stands: true,
    summary: 'Resolved',
    state: { status: 'Resolved' },
  });
});

test.each(['Unresolved', 'In Progress', 'False Positive'])('its undo makes it %s again', async previous => {
  const { simulator, connection, end, alert } = await withAlert(previous);
  const asked = { alert, status: 'Resolved' };
  const before = await connection.verify('resolve-alert', asked);
  expect(connection.action('resolve-alert').plan?.(asked, before).change).toBe(`alert: ${previous} -> Resolved`);
  await end('resolve-alert', asked);
  const undo: Json = connection.action('resolve-alert').undo?.input(asked, undefined, before) ?? null;
  expect(await end('resolve-alert', undo)).toMatchObject({ kind: 'done' });
  expect(simulator.state()).toMatchObject({ alerts: { [alert]: previous } });
});

test('the status before the first attempt is restored, not what a retry found', async () => {
  const { connection, alert } = await withAlert();
  const asked = { alert, status: 'Resolved' };
  const before = { stands: false, summary: 'In Progress', state: { status: 'In Progress' } };
  const found = { ...asked, previous: 'Resolved' };
  const undo = connection.action('resolve-alert').undo;
  expect(undo?.input(asked, found, before)).toEqual({ alert, status: 'In Progress' });
  expect(undo?.input(asked, undefined, undefined)).toEqual({ alert, status: 'Unresolved' });
});

test('what has the status already is not sent again', async () => {
  const { connection, changes, alert } = await withAlert('False Positive');
  expect(await connection.perform('resolve-alert', { alert, status: 'False Positive' })).toMatchObject({
    kind: 'done',
    already: true,
  });
  expect(changes).toEqual([]);
});

test('a status that somebody else sets meanwhile is not overruled', async () => {
  const { simulator, connection, alert } = await withAlert('Unresolved', 12_000);
  const asked = { alert, status: 'Resolved' };
  await connection.perform('resolve-alert', asked);
  simulator.setStatus(alert, 'In Progress');
  simulator.tick(connection.pass(12_000));
  expect(await connection.resume('resolve-alert', { previous: 'Unresolved' }, asked)).toMatchObject({
    kind: 'failed',
    reason: 'conflict',
  });
});

test('a 2xx with another result than success has failed', async () => {
  const { simulator, connection, alert } = await withAlert();
  simulator.fault({ fault: { kind: 'status', status: 200, body: '{"result":"error"}' }, method: 'POST' });
  expect(await connection.perform('resolve-alert', { alert, status: 'Resolved' })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
  });
});

test.each([
  ['00000000-0000-4000-8000-00000000ffff', 'not-found'],
  ['x OR status:Unresolved', 'invalid-input'],
  ['../sensor/1', 'invalid-input'],
])('%s is no alert', async (alert, reason) => {
  const { connection, changes } = await withAlert();
  expect(await connection.perform('resolve-alert', { alert, status: 'Resolved' })).toMatchObject({
    kind: 'failed',
    reason,
  });
  await expect(connection.verify('resolve-alert', { alert, status: 'Resolved' })).rejects.toMatchObject({ reason });
  expect(changes).toEqual([]);
});
