import { expect, test } from 'vitest';
import { connecting, recorded, saying, setUp } from '../../../test/kit/skyatp.ts';

test('gives all that is on the block list, each as what it is, once, and sorted', async () => {
  const { simulator, connection } = await setUp();
  for (const entry of ['203.0.113.9', '198.51.100.0/24', '192.0.2.1-192.0.2.9', '2001:DB8:0::9', '2001:db8::9'])
    simulator.entries('blacklist', 'ip').add(entry);
  for (const entry of ['Evil.Example', 'evil.example.', 'bad.example'])
    simulator.entries('blacklist', 'domain').add(entry);
  simulator.entries('blacklist', 'url').add('http://bad.example/A?b=c');
  simulator.entries('whitelist', 'ip').add('192.0.2.77');
  expect(await connection.perform('list-indicators', { list: 'block' })).toEqual({
    kind: 'done',
    output: {
      total: 7,
      ips: ['2001:db8::9', '203.0.113.9'],
      networks: ['192.0.2.1-192.0.2.9', '198.51.100.0/24'],
      domains: ['bad.example', 'evil.example'],
      urls: ['http://bad.example/A?b=c'],
    },
  });
  expect(await connection.perform('list-indicators', { list: 'allow' })).toMatchObject({
    output: { total: 1, ips: ['192.0.2.77'] },
  });
});

test.each(['v1', 'v2'] as const)('asks in %s as the settings say', async version => {
  const { connection, seen } = await setUp({ settings: { version } });
  await connection.perform('list-indicators', { list: 'block' });
  expect(seen.toSorted()).toEqual(
    ['domain', 'ip', 'url'].map(kind => `GET /${version}/skyatp/blacklist/param/${kind}`),
  );
});

test('reads the recorded list, and the recorded empty one, which has no count', async () => {
  const connection = await connecting(request =>
    Response.json(recorded(`atpcloud_list_get/${request.url.endsWith('domain') ? '02' : '04'}_get.json`)),
  );
  expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({
    output: { total: 3, ips: [], domains: ['another.com', 'some.com', 'yetanotherdomain.com'], urls: [] },
  });
});

test('reads entries that have a threat level beside them', async () => {
  const connection = await saying({ data: { count: 1, servers: [{ '203.0.113.9': 8 }] } });
  expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({
    output: { ips: ['203.0.113.9'] },
  });
});

test('a list that is shorter than its count is not taken for the whole', async () => {
  const connection = await saying({ data: { count: 2, servers: ['a.example'] } });
  expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({
    kind: 'retry',
    reason: 'malformed-answer',
    detail: expect.stringContaining('says it has 2 entries and holds 1') as string,
  });
});

test('one of the three that cannot be read leaves nothing told', async () => {
  const { simulator, connection } = await setUp();
  simulator.fault({ fault: { kind: 'status', status: 503, body: '<html>down</html>' }, path: '/url' });
  expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({
    kind: 'retry',
    reason: 'unavailable',
  });
});

test('a list that is too long is not cut off', async () => {
  const { simulator, connection } = await setUp();
  for (let index = 0; index <= 10_000; index++) simulator.entries('blacklist', 'domain').add(`d${index}.example`);
  expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({
    kind: 'failed',
    reason: 'too-many',
    detail: 'the block list has 10001 entries, and at most 10000 are read',
  });
});

test.each([
  [401, 'auth', 'has expired'],
  [403, 'auth', 'has no access to this'],
  [429, 'rate-limited', '60 requests a minute'],
])('says what can be done about a %d', async (status, reason, words) => {
  const connection = await connecting(() => new Response('<html>no</html>', { status }));
  const answer = await connection.perform('list-indicators', { list: 'block' });
  expect(answer).toMatchObject({ reason });
  expect(answer).toHaveProperty('detail', expect.stringContaining(words));
  expect(answer).toHaveProperty('detail', expect.stringContaining('<html>no</html>'));
});

test('more than 60 requests a minute on one list are refused, and those on the other are not', async () => {
  const { simulator, connection } = await setUp({ retryAfter: 30 });
  for (let times = 0; times < 20; times++)
    expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({ kind: 'done' });
  expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({
    kind: 'retry',
    reason: 'rate-limited',
    after: 30_000,
  });
  expect(await connection.perform('list-indicators', { list: 'allow' })).toMatchObject({ kind: 'done' });
  simulator.tick(connection.pass(60_000));
  expect(await connection.perform('list-indicators', { list: 'block' })).toMatchObject({ kind: 'done' });
});
