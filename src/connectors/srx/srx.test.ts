import { afterEach, describe, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import type { Answer } from '../../action/outcome.ts';
import type { Json } from '../../base/json.ts';
import { parseNetwork } from '../../base/network.ts';
import { Secret } from '../../base/secret.ts';
import { silentLog } from '../../base/service.ts';
import { openFeeds } from '../../feeds/feeds.ts';
import { memoryKeeper } from '../../feeds/keeper.ts';
import { connector } from './manifest.ts';
import type { Srx, SrxOptions } from './simulator.ts';
import { createSrx } from './simulator.ts';

const TOKEN = 'of-whoever-changes-feeds';
const NINE = Date.parse('2026-11-24T09:00:00Z');
const IP = '203.0.113.9';
const HALF = 30_000;

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

interface Stage {
  readonly firewalls?: readonly string[];
  readonly srx?: Partial<SrxOptions>;
  readonly settings?: object;
}

/** Feeds, two firewalls that fetch them, and the connector; the clock is everybody's. */
async function setUp({ firewalls, srx: options = {}, settings = {} }: Stage = {}) {
  let now = NINE;
  const networks = [parseNetwork('10.0.0.0/24')].flatMap(one => one ?? []);
  const protection = { networks };
  const feeds = await openFeeds({
    feeds: [{ name: 'blocked', kind: 'ip', most: 2 }],
    keeper: memoryKeeper(),
    protection: () => protection,
    readers: {},
    url: 'https://backline.example',
    token: new Secret(TOKEN),
    now: () => now,
    log: silentLog,
  });
  let isServed = true;
  const firewall = (client: string): Srx =>
    createSrx({
      fetch: request => (isServed ? feeds(request, client) : new Response('', { status: 503 })),
      url: 'http://feeds.example/srx.tgz',
      bundle: 'feeds/blocked',
      interval: HALF,
      ...options,
    });
  const [first, second] = [firewall('10.9.9.1'), firewall('10.9.9.2')];
  const connection = await connect(connector, request => feeds(request, '127.0.0.1'), {
    settings: url => ({
      feeds: url,
      token: new Secret(TOKEN),
      list: 'blocked',
      interval: '30s',
      ...(firewalls === undefined ? {} : { firewalls }),
      ...settings,
    }),
    now: NINE,
  });
  open.push(connection);
  return {
    connection,
    first,
    second,
    stopServing: () => void (isServed = false),
    /** Time passes for all; the firewalls that are named ask. */
    async pass(time: number, ...asking: readonly Srx[]): Promise<void> {
      now = connection.pass(time);
      for (const srx of asking) {
        srx.tick(now);
        await srx.idle();
      }
    },
  };
}

function tokenOf(answer: Answer): Json {
  if (answer.kind !== 'pending') throw new Error(`it is ${answer.kind}`);
  return JSON.parse(JSON.stringify(answer.token)) as Json;
}

describe('block-address', () => {
  test('is done when the firewall has fetched the list, and then it drops the address', async () => {
    const { connection, first, pass } = await setUp({ firewalls: ['10.9.9.1'] });
    await pass(0, first);
    const pending = await connection.perform('block-address', { ip: IP });
    expect(pending).toMatchObject({ kind: 'pending', again: 10_000 });
    expect(first.drops(IP)).toBe(false);
    await pass(HALF, first);
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toEqual({
      kind: 'done',
      output: { ip: IP, listed: true, firewalls: ['10.9.9.1'] },
    });
    expect(first.drops(IP)).toBe(true);
  });

  test('waits for every firewall that is named', async () => {
    const { connection, first, second, pass } = await setUp({ firewalls: ['10.9.9.1', '10.9.9.2'] });
    const pending = await connection.perform('block-address', { ip: IP });
    await pass(HALF, first);
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toMatchObject({ kind: 'pending' });
    await pass(HALF, second);
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toMatchObject({
      kind: 'done',
      output: { firewalls: ['10.9.9.1', '10.9.9.2'] },
    });
  });

  test('is unconfirmed when a firewall does not ask for two intervals and a minute, and says which', async () => {
    const { connection, first, pass } = await setUp({ firewalls: ['10.9.9.1', '10.9.9.2'] });
    const pending = await connection.perform('block-address', { ip: IP });
    await pass(HALF, first);
    await pass(90_000);
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toEqual({
      kind: 'unconfirmed',
      output: { ip: IP, listed: true, firewalls: ['10.9.9.1'] },
      detail: 'the list is changed, but not fetched by 10.9.9.2 (never asked)',
    });
  });

  test('a firewall that asked before the change and not since is named, with the time', async () => {
    const { connection, first, pass } = await setUp({ firewalls: ['10.9.9.1'], srx: { compares: 'etag' } });
    await pass(0, first);
    const pending = await connection.perform('block-address', { ip: IP });
    await pass(120_000);
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toMatchObject({
      kind: 'unconfirmed',
      detail: 'the list is changed, but not fetched by 10.9.9.1 (asked last at 2026-11-24T09:00:00.000Z)',
    });
  });

  test.each(['etag', 'last-modified', 'content-length'] as const)(
    'a firewall that goes by %s sees every change',
    async compares => {
      const { connection, first, pass } = await setUp({ srx: { compares } });
      await pass(0, first);
      for (const ip of ['203.0.113.10', '203.0.113.11', '203.0.113.12']) {
        await connection.perform('block-address', { ip });
        await pass(HALF, first);
        expect(first.state()).toEqual({ drops: [ip] });
        await connection.perform('unblock-address', { ip });
        await pass(HALF, first);
        expect(first.state()).toEqual({ drops: [] });
      }
    },
  );

  test('without firewalls that are named, one that fetches is enough, and none is said', async () => {
    const { connection, second, pass } = await setUp();
    const pending = await connection.perform('block-address', { ip: IP });
    await pass(120_000);
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toMatchObject({
      kind: 'unconfirmed',
      detail: 'the list is changed, but no firewall has asked for the list',
    });
    await pass(HALF, second);
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toMatchObject({ kind: 'done' });
  });

  test('somebody else taking it off while it is followed is a conflict', async () => {
    const { connection } = await setUp();
    const pending = await connection.perform('block-address', { ip: IP });
    await connection.perform('unblock-address', { ip: IP });
    expect(await connection.resume('block-address', tokenOf(pending), { ip: IP })).toMatchObject({
      kind: 'failed',
      reason: 'conflict',
    });
  });

  test('what is protected is refused by the list, whatever the playbook says', async () => {
    const { connection, first, pass } = await setUp();
    expect(await connection.perform('block-address', { ip: '10.0.0.5' })).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining('10.0.0.5 is not listed: it is protected') as unknown,
    });
    await pass(HALF, first);
    expect(first.drops('10.0.0.5')).toBe(false);
  });

  test('a list that is full takes no more', async () => {
    const { connection } = await setUp();
    for (const ip of ['203.0.113.1', '203.0.113.2']) await connection.perform('block-address', { ip });
    expect(await connection.perform('block-address', { ip: '203.0.113.3' })).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
    });
  });

  test('with an end is dropped by the list itself, also when nobody takes it back', async () => {
    const { connection, first, pass } = await setUp();
    await connection.perform('block-address', { ip: IP, at_most: '1h' });
    await pass(HALF, first);
    expect(first.drops(IP)).toBe(true);
    expect(await connection.perform('check-address', { ip: IP })).toMatchObject({
      output: { listed: true, fetched: true, expires: '2026-11-24T10:00:00.000Z' },
    });
    await pass(3_600_000, first);
    expect(first.drops(IP)).toBe(false);
  });

  test('with a later end, or none, is prolonged; with an earlier one it stays', async () => {
    const { connection } = await setUp();
    const expires = async () => {
      const answer = await connection.verify('block-address', { ip: IP });
      return (answer.state as { expires?: string }).expires;
    };
    await connection.perform('block-address', { ip: IP, at_most: '2h' });
    await connection.perform('block-address', { ip: IP, at_most: '1h' });
    expect(await expires()).toBe('2026-11-24T11:00:00.000Z');
    await connection.perform('block-address', { ip: IP, at_most: '3h' });
    expect(await expires()).toBe('2026-11-24T12:00:00.000Z');
    await connection.perform('block-address', { ip: IP });
    expect(await expires()).toBeUndefined();
  });
});

test('an address is let through again when the firewall has fetched the list without it', async () => {
  const { connection, first, pass } = await setUp();
  await connection.perform('block-address', { ip: IP });
  await pass(HALF, first);
  const pending = await connection.perform('unblock-address', { ip: IP });
  expect(pending).toMatchObject({ kind: 'pending' });
  expect(await connection.perform('check-address', { ip: IP })).toMatchObject({
    output: {
      listed: false,
      fetched: false,
      summary: 'not listed, not fetched by 10.9.9.1 (asked last at 2026-11-24T09:00:30.000Z)',
    },
  });
  expect(first.drops(IP)).toBe(true);
  await pass(HALF, first);
  expect(await connection.resume('unblock-address', tokenOf(pending), { ip: IP })).toMatchObject({ kind: 'done' });
  expect(first.drops(IP)).toBe(false);
  expect(await connection.perform('unblock-address', { ip: IP })).toMatchObject({ kind: 'done', already: true });
});

test('an entry that had an end gets it back when its removal is undone, and none if that has passed', async () => {
  const { connection, pass } = await setUp();
  await connection.perform('block-address', { ip: IP, at_most: '1h' });
  const before = await connection.verify('unblock-address', { ip: IP });
  await connection.perform('unblock-address', { ip: IP });
  const undo = connection.action('unblock-address').undo?.input({ ip: IP }, undefined, before) ?? null;
  expect(undo).toEqual({ ip: IP, until: '2026-11-24T10:00:00.000Z' });
  await connection.perform('block-address', undo);
  expect(await connection.verify('block-address', { ip: IP })).toMatchObject({
    stands: true,
    state: { expires: '2026-11-24T10:00:00.000Z' },
  });
  await pass(3_600_000);
  expect(await connection.perform('block-address', undo)).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: 'its end, 2026-11-24T10:00:00.000Z, has passed',
  });
});

test('a list that is served no more stays on the firewall for its hold interval, and then opens it', async () => {
  const { connection, first, pass, stopServing } = await setUp({ srx: { hold: 3_600_000 } });
  await connection.perform('block-address', { ip: IP });
  await pass(HALF, first);
  stopServing();
  await pass(3_600_000, first);
  expect(first.state()).toMatchObject({ drops: [IP], trouble: 'failed<http return error code 503>' });
  await pass(HALF, first);
  expect(first.drops(IP)).toBe(false);
});

test('a path that is not in the archive gives a firewall no entries', async () => {
  const { connection, first, pass } = await setUp({ srx: { bundle: 'blocked' } });
  await connection.perform('block-address', { ip: IP });
  await pass(HALF, first);
  expect(first.state()).toEqual({ drops: [] });
});

test('the plain form is fetched as well', async () => {
  const { connection, first, pass } = await setUp({
    srx: { url: 'http://feeds.example/blocked.txt', bundle: undefined } as object,
  });
  await connection.perform('block-address', { ip: IP });
  await pass(HALF, first);
  expect(first.drops(IP)).toBe(true);
});

test('two spellings of one address are one entry', async () => {
  const { connection } = await setUp();
  await connection.perform('block-address', { ip: '2001:DB8:0::9' });
  expect(await connection.verify('block-address', { ip: '2001:db8::9' })).toMatchObject({ stands: true });
});

test.each([
  [{ list: '../api' }, 'list: "../api" is no name of a list'],
  [{ firewalls: ['10.9.9.0/24'] }, 'firewalls: "10.9.9.0/24" is no address'],
])('settings that make no sense are refused: %s', (wrong, message) => {
  const given = { feeds: 'http://x', token: new Secret(TOKEN), list: 'blocked', ...wrong };
  expect(() => connector.endpoints(given)).toThrow(message);
});

test.each<[string, Json]>([
  ['no object', []],
  ['nothing of the entry', {}],
  ['no list of readers', { listed: true, version: 1 }],
])('an answer with %s makes no sense', async (_, body) => {
  const connection = await connect(connector, () => Response.json(body), {
    settings: url => ({ feeds: url, token: new Secret(TOKEN), list: 'blocked' }),
  });
  open.push(connection);
  expect(await connection.perform('check-address', { ip: IP })).toMatchObject({
    kind: 'retry',
    reason: 'malformed-answer',
  });
});
