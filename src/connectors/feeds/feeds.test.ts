import { afterEach, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import type { Json } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { silentLog } from '../../base/service.ts';
import { targetsOf } from '../../action/action.ts';
import { openFeeds } from '../../feeds/feeds.ts';
import { memoryKeeper } from '../../feeds/keeper.ts';
import { connector } from './manifest.ts';

const TOKEN = 'of-whoever-changes-feeds';
const NINE = Date.parse('2026-11-24T09:00:00Z');
const PROTECTION = { networks: [] };

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function setUp() {
  const door = await openFeeds({
    feeds: (['ip', 'domain', 'url', 'hash'] as const).map(kind => ({ name: `of-${kind}`, kind, most: 2 })),
    keeper: memoryKeeper(),
    protection: () => PROTECTION,
    readers: {},
    url: 'https://backline.example',
    token: new Secret(TOKEN),
    now: () => connection.pass(0),
    log: silentLog,
  });
  const connection = await connect(connector, request => door(request, '127.0.0.1'), {
    settings: url => ({ url, token: new Secret(TOKEN) }),
    now: NINE,
  });
  open.push(connection);
  const served = async (list: string): Promise<string> =>
    (await door(new Request(`http://feeds.example/${list}.txt`), '10.9.9.1')).text();
  return { connection, served };
}

test.each([
  ['ip', '203.0.113.9', '203.0.113.9'],
  ['domain', 'Evil.Example', 'evil.example'],
  ['url', 'https://evil.example/a?b=1', 'https://evil.example/a?b=1'],
  ['hash', 'B7F884C1B74A263F746EE12A5F7C9F6A', 'b7f884c1b74a263f746ee12a5f7c9f6a'],
])('a value of the kind %s is listed, checked and taken off', async (kind, value, line) => {
  const { connection, served } = await setUp();
  const place = { list: `of-${kind}`, [kind]: value };
  expect(targetsOf(connection.action('add').input, place)).toEqual([{ input: kind, kind, value }]);
  expect(await connection.perform('add', place)).toEqual({ kind: 'done', output: { listed: true } });
  expect(await served(`of-${kind}`)).toBe(`${line}\n`);
  expect(await connection.perform('check', place)).toEqual({ kind: 'done', output: { listed: true } });
  expect(await connection.perform('remove', place)).toEqual({ kind: 'done', output: { listed: false } });
  expect(await served(`of-${kind}`)).toBe('');
});

test('a value with an end is dropped by the list itself', async () => {
  const { connection, served } = await setUp();
  const place = { list: 'of-domain', domain: 'evil.example' };
  expect(await connection.perform('add', { ...place, at_most: '1h' })).toEqual({
    kind: 'done',
    output: { listed: true, expires: '2026-11-24T10:00:00.000Z' },
  });
  connection.pass(3_600_000);
  expect(await served('of-domain')).toBe('');
  expect(await connection.verify('add', place)).toMatchObject({ stands: false, summary: 'not listed' });
});

test.each<[string, Json, string]>([
  ['nothing', { list: 'of-ip' }, 'give exactly one of'],
  ['two values', { list: 'of-ip', ip: '203.0.113.9', domain: 'evil.example' }, 'give exactly one of'],
  ['a list of no name', { list: '../of-ip', ip: '203.0.113.9' }, 'is no name of a list'],
])('%s is no place', async (_, input, detail) => {
  const { connection } = await setUp();
  for (const action of ['add', 'remove', 'check'])
    expect(await connection.perform(action, input)).toEqual({
      kind: 'failed',
      reason: 'invalid-input',
      detail: expect.stringContaining(detail) as unknown,
    });
});

test.each<[string, Json]>([
  ['a list that is not served', { list: 'of-mail', ip: '203.0.113.9' }],
  ['a value of another kind', { list: 'of-ip', domain: 'evil.example' }],
  ['a value that is never listed', { list: 'of-ip', ip: '127.0.0.1' }],
])('%s is refused', async (_, input) => {
  const { connection } = await setUp();
  expect(await connection.perform('add', input)).toMatchObject({ kind: 'failed', reason: 'rejected' });
});
