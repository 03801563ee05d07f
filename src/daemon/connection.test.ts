import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { defineConnector } from '../action/connector.ts';
import { SimulatedClock } from '../base/clock.ts';
import type { HttpAnswer, Trust } from '../base/http.ts';
import { Secret } from '../base/secret.ts';
import type { Log } from '../base/service.ts';
import { Activity } from '../engine/activity.ts';
import { serve } from '../lab/serve.ts';
import type { ConfiguredConnection } from './config.ts';
import type { OpenConnection } from './connection.ts';
import { Connections } from './connections.ts';
import { SecretWatch } from './secret-watch.ts';

const START = Date.parse('2026-11-24T09:00:00Z');
const settings = {
  type: 'object',
  properties: { url: { type: 'string' }, token: { type: 'string', 'x-secret': true } },
  required: ['url', 'token'],
} as const;

/** Two endpoints, so that trouble with the one is not taken for trouble with the other. */
const desk = defineConnector({
  name: 'desk',
  title: '',
  description: '',
  settings,
  endpoints: ({ url, token }) => ({
    default: { url, headers: { authorization: token } },
    other: { url, headers: { authorization: token } },
  }),
  actions: [],
});

const never = new AbortController().signal;

interface SetUp {
  readonly url: string;
  readonly concurrency?: number;
  readonly tls?: Trust;
  /** What the reference leads to, each time it is followed. */
  readonly token?: () => string;
}

function setUp({ url, concurrency = 4, tls, token = () => 'first-token' }: SetUp) {
  const clock = new SimulatedClock(START);
  const said: string[] = [];
  const note = (facts: object, sentence: string): void => void said.push(`${sentence} ${JSON.stringify(facts)}`);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const connections = new Connections({ clock, activity: new Activity(clock), log });
  const settingsNow = () => ({ url, token: new Secret(token()) });
  const configured: ConfiguredConnection = {
    name: 'desk',
    connector: desk,
    settings: settingsNow(),
    concurrency,
    poll: new Map(),
    ...(tls === undefined ? {} : { tls }),
    refresh: () => ({ settings: settingsNow(), ...(tls === undefined ? {} : { tls }) }),
  };
  connections.replace([configured]);
  onTestFinished(() => connections.close());
  const connection = connections.get('desk') ?? expect.fail();
  return { clock, connections, connection, said };
}

async function product(answer: (request: Request) => Response | Promise<Response>): Promise<string> {
  const served = await serve(answer);
  onTestFinished(() => served.close());
  return served.url;
}

function ask(connection: OpenConnection, endpoint = 'default', signal = never): Promise<HttpAnswer> {
  return connection.use(signal, ({ http }) => http({ method: 'GET', path: ['a'], endpoint }));
}

test('a secret that was refused is read again, and the request made once more with the one of now', async () => {
  const seen: (string | null)[] = [];
  const url = await product(request => {
    const token = request.headers.get('authorization');
    seen.push(token);
    return new Response(null, { status: token === 'second-token' ? 204 : 401 });
  });
  let token = 'first-token';
  const { connection, said } = setUp({ url, token: () => token });
  expect((await ask(connection)).status).toBe(401);
  token = 'second-token';
  expect((await ask(connection)).status).toBe(204);
  expect((await ask(connection)).status).toBe(204);
  expect(seen).toEqual(['first-token', 'first-token', 'second-token', 'second-token']);
  expect(said).toEqual(['a secret was changed, and is used from now on {"connection":"desk"}']);
  expect(connection.ways[0]?.health.failed).toMatchObject({ reason: 'auth', detail: 'status 401' });
});

test('a file that has changed is found without being refused, and what is under way ends on the old secret', async () => {
  const seen: (string | null)[] = [];
  const arrived = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const url = await product(async request => {
    seen.push(request.headers.get('authorization'));
    arrived.resolve();
    await gate.promise;
    return new Response(null, { status: 204 });
  });
  let token = 'first-token';
  const { clock, connections, connection } = setUp({ url, token: () => token });
  const watch = new SecretWatch({ clock, connections });
  await watch.start();
  const early = ask(connection);
  await arrived.promise;
  token = 'second-token';
  clock.fireNext();
  const late = ask(connection);
  gate.resolve();
  expect((await early).status).toBe(204);
  expect((await late).status).toBe(204);
  expect(seen).toEqual(['first-token', 'second-token']);
  await watch.stop();
  expect(clock.fireNext()).toBe(false);
});

test('trouble with one endpoint holds nothing up at another', async () => {
  let status = 503;
  const url = await product(() => new Response(null, { status }));
  const { connection } = setUp({ url });
  for (let count = 0; count < 5; count++) await ask(connection);
  expect(connection.ways.map(({ name, circuit }) => [name, circuit.kind])).toEqual([
    ['default', 'open'],
    ['other', 'closed'],
  ]);
  status = 200;
  expect((await ask(connection, 'other')).status).toBe(200);
  expect(connection.held(['other'])).toBeUndefined();
  expect(connection.held(['default'])).toMatchObject({ reason: 'unavailable', detail: expect.stringContaining('503') });
});

test('what waits for its turn when the product falls silent is not sent to it', async () => {
  const gates: PromiseWithResolvers<void>[] = [];
  const asked: string[] = [];
  const url = await product(async request => {
    asked.push(request.method);
    const gate = Promise.withResolvers<void>();
    gates.push(gate);
    await gate.promise;
    return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
  });
  const { connection } = setUp({ url, concurrency: 1 });
  const calls = Array.from({ length: 10 }, () => ask(connection).catch(() => undefined));
  await expect.poll(() => gates.length).toBe(1);
  gates[0]?.resolve();
  await calls[0];
  await new Promise(resolve => setImmediate(resolve));
  expect(connection.ways[0]).toMatchObject({ waiting: 9, circuit: { kind: 'open', until: START + 60_000 } });
  expect(asked).toEqual(['GET']);
});

test.each([400, 401, 403, 404, 409, 422, 501])('a %s is about one request, and opens nothing', async status => {
  const url = await product(() => new Response(null, { status }));
  const { connection } = setUp({ url });
  for (let count = 0; count < 10; count++) await ask(connection);
  expect(connection.ways[0]?.circuit.kind).toBe('closed');
});

test('answers that make no sense to the connector are faults, though they come with 200', async () => {
  const url = await product(() => new Response('<html>'));
  const { connection } = setUp({ url });
  for (let count = 0; count < 5; count++)
    await connection.use(never, async ({ http }) => {
      await http({ method: 'GET', path: [] });
      return { kind: 'retry', reason: 'malformed-answer', detail: '' };
    });
  expect(connection.ways[0]?.circuit).toMatchObject({ kind: 'open', fault: { reason: 'malformed-answer' } });
});

test('a product that answers too late is left alone as well', async () => {
  const url = await product(request => new Promise((_, reject) => request.signal.addEventListener('abort', reject)));
  const { connection } = setUp({ url });
  for (let count = 0; count < 5; count++) {
    const limit = new AbortController();
    const call = ask(connection, 'default', limit.signal).catch(() => undefined);
    await expect.poll(() => connection.ways[0]?.health.exchanges).toBe(count);
    setImmediate(() => limit.abort(new DOMException('', 'TimeoutError')));
    await call;
  }
  expect(connection.ways[0]?.circuit).toMatchObject({ kind: 'open', fault: { reason: 'timeout' } });
});

test('a date is a wish to be left alone as well (RFC 9110, 10.2.3)', async () => {
  const until = new Date(START + 45_000).toUTCString();
  const url = await product(() => new Response(null, { status: 503, headers: { 'retry-after': until } }));
  const { connection } = setUp({ url });
  await ask(connection);
  expect(connection.ways[0]?.circuit).toMatchObject({ kind: 'open', until: START + 45_000 });
});

test('health says when, how long, how often in vain, and what is left of a quota', async () => {
  const statuses = [200, 200, 500, 404];
  const url = await product(() => {
    clock.moveTo(clock.now() + 40);
    const headers = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '17' };
    return new Response(null, { status: statuses.shift() ?? 200, headers });
  });
  const { clock, connection } = setUp({ url });
  for (let count = 0; count < 4; count++) await ask(connection);
  expect(connection.ways[0]).toMatchObject({
    place: url,
    health: {
      succeeded: START + 160,
      failed: { at: START + 120, reason: 'unavailable', detail: 'status 500' },
      exchanges: 4,
      errorRate: 0.25,
      latency: { p50: 40, p95: 40 },
      quota: { limit: 60, remaining: 17 },
    },
  });
});

const tls = (name: string): string => readFileSync(new URL(`../../test/fixtures/tls/${name}`, import.meta.url), 'utf8');
const FINGERPRINT = new X509Certificate(tls('certificate.pem')).fingerprint256;

async function secured(listener: RequestListener = (_, answer) => answer.end('ok')): Promise<string> {
  const server = createServer({ cert: tls('certificate.pem'), key: tls('key.pem') }, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

test.each<[string, Trust]>([
  ['its authority', { ca: tls('certificate.pem') }],
  ['its fingerprint', { pinned: FINGERPRINT }],
  ['its fingerprint in small letters without colons', { pinned: FINGERPRINT.replaceAll(':', '').toLowerCase() }],
  ['nothing', { insecure: true }],
])('a product is trusted by %s', async (_, trust) => {
  const { connection, said } = setUp({ url: await secured(), tls: trust });
  expect((await ask(connection)).text).toBe('ok');
  expect(said.some(line => line.includes('INSECURE'))).toBe(trust.insecure === true);
});

test.each<[string, Trust | undefined]>([
  ['another fingerprint', { pinned: `00${FINGERPRINT.slice(2)}` }],
  ['the authorities of the system', undefined],
])('by %s it is not, nothing is sent, and calls fail at once instead of waiting', async (_, trust) => {
  const asked: string[] = [];
  const url = await secured((request, answer) => {
    asked.push(request.url ?? '');
    answer.end();
  });
  const { connection } = setUp({ url, ...(trust === undefined ? {} : { tls: trust }) });
  for (let count = 0; count < 6; count++)
    await expect(ask(connection)).rejects.toMatchObject({ reason: 'auth', sent: false });
  expect(asked).toEqual([]);
  expect(connection.ways[0]).toMatchObject({ circuit: { kind: 'closed' }, health: { failed: { reason: 'auth' } } });
});
