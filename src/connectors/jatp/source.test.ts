import { afterEach, describe, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import type { Json } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import type { PollAnswer } from '../../event/source.ts';
import { normalise } from '../../event/event.ts';
import { connector } from './manifest.ts';
import type { Detection } from './simulator-incidents.ts';
import { createSimulator } from './simulator.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const NOW = Date.parse('2026-11-24T09:00:00Z');
const HOUR = 3_600_000;

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function setUp(settings: object = {}) {
  const simulator = createSimulator({ key: KEY, now: NOW });
  return { simulator, ...(await polling(simulator.fetch, settings)), pass };
  function pass(connection: Connected, time: number): void {
    simulator.tick(connection.pass(time));
  }
}

async function polling(fetch: (request: Request) => Promise<Response> | Response, settings: object = {}) {
  const connection = await connect(connector, fetch, {
    settings: url => ({ url, key: new Secret(KEY), ...settings }),
    now: NOW,
  });
  open.push(connection);
  let cursor: Json | undefined;
  return {
    connection,
    async poll(from: Json | undefined = cursor): Promise<PollAnswer> {
      const answer = await connection.poll('incidents', from);
      cursor = JSON.parse(JSON.stringify(answer.cursor)) as Json;
      return answer;
    },
  };
}

const ids = ({ drafts }: PollAnswer): Json[] => drafts.map(({ id }) => id ?? null);

/** The event that one detection becomes. */
async function eventOf(detection: Detection, settings: object = {}): Promise<Json> {
  const { simulator, poll } = await setUp(settings);
  await poll();
  simulator.detect(detection);
  const { drafts } = await poll();
  const [draft] = drafts;
  const read = normalise(draft ?? null, 'jatp', new Map(connector.events.map(type => [type.name, type])));
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.event;
}

test('the first poll starts at now, the next ones tell each incident once', async () => {
  const { simulator, connection, poll, pass } = await setUp();
  simulator.detect({ type: 'cnc', dst: '10.1.1.1' });
  expect(ids(await poll())).toEqual([]);
  pass(connection, HOUR);
  simulator.detect({ type: 'cnc', dst: '10.1.1.2' });
  simulator.detect({ type: 'cnc', dst: '10.1.1.3' });
  expect(ids(await poll())).toEqual(['1004', '1005']);
  pass(connection, 20 * HOUR);
  expect(ids(await poll())).toEqual([]);
  pass(connection, 60 * HOUR);
  expect(ids(await poll())).toEqual([]);
});

test('an incident that shows late is still told', async () => {
  const { simulator, connection, poll, pass } = await setUp();
  await poll();
  pass(connection, 2 * HOUR);
  await poll();
  simulator.detect({ type: 'cnc', dst: '10.1.1.2', at: NOW + HOUR });
  expect(ids(await poll())).toEqual(['1003']);
});

test('after a long stop all that was missed is told', async () => {
  const { simulator, connection, poll, pass } = await setUp();
  await poll();
  simulator.detect({ type: 'cnc', dst: '10.1.1.2', at: NOW + HOUR });
  pass(connection, 200 * HOUR);
  expect(ids(await poll())).toEqual(['1003']);
});

test('a start in the past tells what was active from then on', async () => {
  const { simulator, poll } = await setUp({ since: '2026-11-24T08:00:00Z' });
  simulator.detect({ type: 'cnc', dst: '10.1.1.1', at: NOW - 2 * HOUR });
  simulator.detect({ type: 'cnc', dst: '10.1.1.2', at: NOW - HOUR / 2 });
  expect(ids(await poll())).toEqual(['1004']);
  expect(ids(await poll())).toEqual([]);
});

test('what cannot be an event is rejected once, with the reason', async () => {
  const rows = [{ last_activity_time: '2026-11-24 09:00:00+00' }, { incident_id: 7, last_activity_time: 'soon' }];
  const { poll } = await polling(() => Response.json({ status: 0, incident_array: rows }));
  const { rejected } = await poll();
  expect(rejected?.map(({ reason }) => reason)).toEqual(['no id', 'the time of its last activity cannot be read']);
  expect((await poll()).rejected).toEqual([]);
});

test('a failure is a 200 with a negative status, and no empty answer', async () => {
  const { poll } = await polling(() => Response.json({ status: -1, error_msg: 'invalid session' }));
  await expect(poll()).rejects.toThrow('incidents: status -1: "invalid session"');
});

describe('an event', () => {
  test('of command and control has the host at dst, whatever our networks are', async () => {
    const event = await eventOf(
      {
        type: 'cnc',
        src: '203.0.113.9',
        dst: '198.51.100.26',
        dstHost: 'FIN-WS-042',
        dstUser: 'mharris',
        category: 'Trojan_DataTheft',
        severity: 5,
        malwareSeverity: 0.5,
        servers: ['203.0.113.9', '203.0.113.10'],
      },
      { networks: ['203.0.113.0/24'] },
    );
    expect(event).toMatchObject({
      id: '1003',
      origin: 'jatp',
      type: 'jatp.incident',
      time: '2026-11-24T09:00:00.000Z',
      stage: 'command-and-control',
      disposition: 'detected',
      severity: 50,
      host: { name: 'FIN-WS-042', ip: ['198.51.100.26'], key: 'fin-ws-042' },
      user: { name: 'mharris' },
      source: { ip: '203.0.113.9' },
      destination: { ip: '198.51.100.26', domain: 'FIN-WS-042' },
      rule: { name: 'TROJAN_Zemot.CY' },
      observer: { vendor: 'Juniper', product: 'JATP' },
      incident: {
        id: '1003',
        type: 'cnc',
        category: 'Trojan_DataTheft',
        alert_severity: 5,
        malware_severity: 0.5,
        servers: ['203.0.113.9', '203.0.113.10'],
      },
    });
  });

  test.each<[Detection, Json | undefined, string | undefined]>([
    [{ type: 'http', src: '203.0.113.9', dst: '10.1.1.26' }, ['10.1.1.26'], 'delivery'],
    [{ type: 'datatheft', src: '10.1.1.26', dst: '203.0.113.9' }, ['10.1.1.26'], 'actions-on-objectives'],
    [{ type: 'exploit', src: '203.0.113.9', dst: '10.1.1.26' }, ['10.1.1.26'], 'exploitation'],
    [{ type: 'http', src: '10.2.2.2', dst: '10.1.1.26' }, undefined, 'delivery'],
    [{ type: 'http', src: '203.0.113.9', dst: '203.0.113.10' }, undefined, 'delivery'],
    [{ type: 'email', src: '203.0.113.9', dst: '10.0.0.25' }, undefined, 'delivery'],
    [{ type: 'submission', dst: '10.0.0.25' }, undefined, undefined],
    [{ type: 'cnc', src: '10.1.1.1', dst: '' }, undefined, 'command-and-control'],
  ])('of %o is of host %o, stage %s', async (detection, ip, stage) => {
    const event = await eventOf(detection);
    expect([(event as { host?: { ip: Json } }).host?.ip, (event as { stage?: string }).stage]).toEqual([ip, stage]);
  });

  test('has the hash as SHA-1, and the first of several URLs', async () => {
    const sha1 = 'AD79ACBC8AA8B3F6A0E8FF2CBBB09C3EA3DBB0AB';
    expect(
      await eventOf({ type: 'http', dst: '10.1.1.26', sha1, file: 'setup 1.exe', url: 'http://a/?x=1 http://b/?y=2' }),
    ).toMatchObject({
      file: { name: 'setup 1.exe', hash: { sha1: sha1.toLowerCase() } },
      url: 'http://a/?x=1',
      incident: { urls: ['http://a/?x=1', 'http://b/?y=2'] },
    });
  });

  test('takes the severity of the alert, out of 10, where the malware has none', async () => {
    expect(await eventOf({ type: 'cnc', dst: '10.1.1.26', severity: 7 })).toMatchObject({ severity: 70 });
  });

  test('is made of hostile values too, which stay text', async () => {
    const event = await eventOf({ type: 'cnc', dst: 'not-an-address', dstHost: '{{secrets}}\n', name: '__proto__' });
    expect(event).toMatchObject({ host: { name: '{{secrets}}' }, rule: { name: '__proto__' } });
    expect(event).not.toHaveProperty('host.ip');
  });
});
