import { afterEach, beforeEach, expect, test } from 'vitest';
import { connected, recorded, setUp } from '../../../test/kit/carbonblack.ts';
import type { ServedFeed } from '../../../test/kit/cb-feed.ts';
import { serveFeed } from '../../../test/kit/cb-feed.ts';
import type { Json } from '../../base/json.ts';
import { own } from '../../base/json.ts';
import type { Served } from '../../lab/serve.ts';
import { serve } from '../../lab/serve.ts';
import { parseFeed } from './feed.ts';

const C2 = '203.0.113.66';
const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';

let feed: ServedFeed;
let others: Served[];
beforeEach(async () => {
  feed = await serveFeed();
  others = [];
});
afterEach(async () => {
  await feed.close();
  for (const served of others) await served.close();
});

async function serveText(text: string, status = 200): Promise<string> {
  const served = await serve(() => new Response(text, { status }));
  others.push(served);
  return `${served.url}/feed.json`;
}

test('a list of Backline is registered as a feed, and a process that speaks to an address on it raises an alert', async () => {
  await feed.put(C2);
  const { simulator, connection, end } = await setUp();
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const { cursor } = await connection.poll('alerts', undefined);
  expect(await end('register-feed', { url: feed.url })).toEqual({
    kind: 'done',
    output: { id: 1, name: 'backlinec2', url: feed.url, enabled: true },
  });
  expect(await end('enable-feed-alerts', { url: feed.url })).toMatchObject({ kind: 'done', output: { alerts: true } });
  const guid = simulator.addProcess({ sensor, path: 'c:\\temp\\beacon.exe', md5: MD5, peers: ['198.51.100.1'] });
  expect((await connection.poll('alerts', cursor)).drafts).toEqual([]);
  simulator.speak(guid, C2);
  const [hit, ...more] = (await connection.poll('alerts', cursor)).drafts;
  expect(more).toEqual([]);
  expect(hit).toMatchObject({
    type: 'carbonblack.alert',
    host: { name: 'FIN-WS-042', sensor_id: String(sensor), ip: ['192.168.1.163'] },
    process: { name: 'beacon.exe' },
    destination: { ip: C2, port: 443 },
    rule: { id: 'backline-c2', name: 'backlinec2' },
    alert: {
      type: 'watchlist.hit.ingress.process',
      ioc: { type: 'ipv4', value: C2 },
      feed: { id: 1, name: 'backlinec2', report: 'backline-c2' },
    },
  });
});

test('a feed without the alert action tags what it hits, and raises nothing', async () => {
  await feed.put(C2);
  const { simulator, connection, end } = await setUp();
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const { cursor } = await connection.poll('alerts', undefined);
  await end('register-feed', { url: feed.url });
  const guid = simulator.addProcess({ sensor, path: 'c:\\temp\\beacon.exe', md5: MD5, peers: [C2] });
  expect((await connection.poll('alerts', cursor)).drafts).toEqual([]);
  expect(await end('search-processes', { feed: 'backlinec2' })).toMatchObject({
    output: { processes: [{ guid, sensor, host: 'fin-ws-042' }], total: 1 },
  });
});

test('what spoke to the address before the feed was there is found by the name of the feed, once it was scanned', async () => {
  await feed.put(C2);
  const { simulator, connection, end } = await setUp();
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const guid = simulator.addProcess({ sensor, path: 'c:\\temp\\beacon.exe', md5: MD5, peers: [C2] });
  await end('register-feed', { url: feed.url });
  expect(await end('search-processes', { feed: 'BacklineC2' })).toMatchObject({ output: { processes: [] } });
  simulator.tick(connection.pass(1_000));
  expect(await end('search-processes', { feed: 'BacklineC2' })).toMatchObject({ output: { processes: [{ guid }] } });
});

test('a change of the list reaches the server with the next synchronisation, and one that is emptied only with a full one', async () => {
  await feed.put(C2);
  const { end } = await setUp();
  await end('register-feed', { url: feed.url });
  const ips = async (): Promise<Json | undefined> => {
    const answer = await end('get-feed-report', { url: feed.url, report: 'backline-c2' });
    return answer.kind === 'done' ? (own(answer.output, 'ips') ?? own(answer.output, 'found')) : undefined;
  };
  expect(await ips()).toEqual([C2]);
  await feed.put('203.0.113.67');
  expect(await ips()).toEqual([C2]);
  expect(await end('synchronise-feed', { url: feed.url, full: false })).toMatchObject({ kind: 'done' });
  expect(await ips()).toEqual([C2, '203.0.113.67']);
  await feed.remove(C2);
  await feed.remove('203.0.113.67');
  await end('synchronise-feed', { url: feed.url, full: false });
  expect(await ips()).toEqual([C2, '203.0.113.67']);
  await end('synchronise-feed', { url: feed.url });
  expect(await ips()).toBe(false);
});

test('networks are no indicators: Backline leaves them out, and the server takes no feed that has one', async () => {
  await feed.put('203.0.113.0/24');
  await feed.put(C2);
  const { end } = await setUp();
  expect(await end('register-feed', { url: feed.url })).toMatchObject({ kind: 'done' });
  expect(await end('get-feed-report', { url: feed.url, report: 'backline-c2' })).toMatchObject({
    output: { ips: [C2] },
  });
  const text = await (await fetch(feed.url)).text();
  const url = await serveText(text.replace(`"${C2}"`, '"203.0.113.0/24"'));
  expect(await end('register-feed', { url })).toMatchObject({ kind: 'retry', reason: 'unavailable' });
});

test.each([
  ['cannot be reached', async () => 'http://127.0.0.1:9/c2.cb.json'],
  ['does not exist', () => serveText('Not Found', 404)],
  ['is no feed', () => serveText('<html>')],
])('a feed that %s is not registered, and the answer says who could not fetch it', async (_, make) => {
  const url = await make();
  const { connection } = await setUp();
  const answer = await connection.perform('register-feed', { url });
  expect(answer).toMatchObject({ kind: 'retry', reason: 'unavailable', inDoubt: true });
  expect(answer).toHaveProperty('detail', expect.stringContaining('the server cannot fetch it'));
  expect(await connection.verify('register-feed', { url })).toMatchObject({ stands: false, summary: 'not registered' });
});

test.each([
  ['file:///etc/shadow', 'by http or https'],
  ['c2.cb.json', 'no URL'],
  ['https://reader:secret@backline.example/c2.cb.json', 'a user name or a password'],
])('%s is refused before anything is sent', async (url, why) => {
  const { connection, changes } = await setUp();
  const answer = await connection.perform('register-feed', { url });
  expect(answer).toMatchObject({ kind: 'failed', reason: 'invalid-input', detail: expect.stringContaining(why) });
  expect(changes).toEqual([]);
});

test('a feed is registered with the request of the connectors in use, and with the alert action of cbapi', async () => {
  const { end, changes } = await setUp();
  await end('register-feed', { url: feed.url, check_certificate: false });
  await end('enable-feed-alerts', { url: feed.url });
  expect(changes).toEqual([
    {
      to: 'POST /api/v1/feed',
      body: { feed_url: feed.url, enabled: true, use_proxy: false, validate_server_cert: false },
    },
    {
      to: 'POST /api/v1/feed/1/action',
      body: { action_type: 3, group_id: 1, watchlist_id: -1, action_data: '{"email_recipients":[]}' },
    },
  ]);
});

test('a feed that is disabled may have alerts, and a plan says that it hits nothing', async () => {
  const { simulator, connection } = await setUp();
  simulator.putFeed({ url: feed.url, name: 'c2', enabled: false });
  expect(await connection.verify('enable-feed-alerts', { url: feed.url })).toMatchObject({
    stands: false,
    summary: 'without alerts',
    notes: ['the feed is disabled: it hits nothing'],
  });
});

test('a plan of a deletion says what taking it back will not bring back', async () => {
  const { simulator, connection, end } = await setUp();
  simulator.putFeed({ url: feed.url, name: 'c2' });
  await end('enable-feed-alerts', { url: feed.url });
  expect(await connection.verify('delete-feed', { url: feed.url })).toMatchObject({
    stands: false,
    notes: ['taking it back registers it again without its alerts'],
  });
});

test('a feed that somebody has disabled is not enabled by registering it', async () => {
  const { simulator, end, changes } = await setUp();
  simulator.putFeed({ url: feed.url, name: 'c2', enabled: false });
  const answer = await end('register-feed', { url: feed.url });
  expect(answer).toMatchObject({ kind: 'failed', reason: 'conflict', detail: expect.stringContaining('enable-feed') });
  expect(changes).toEqual([]);
});

test('a URL that the server has for two feeds is ambiguous, whatever is asked of it', async () => {
  const { simulator, end, changes } = await setUp();
  simulator.putFeed({ url: feed.url, name: 'c2' });
  simulator.putFeed({ url: feed.url, name: 'c2again' });
  for (const action of [
    'register-feed',
    'delete-feed',
    'enable-feed',
    'disable-feed',
    'enable-feed-alerts',
    'synchronise-feed',
  ]) {
    expect(await end(action, { url: feed.url })).toMatchObject({
      kind: 'failed',
      reason: 'ambiguous',
      detail: expect.stringContaining('1, 2'),
    });
  }
  expect(changes).toEqual([]);
});

test('the server refuses to synchronise a feed that is disabled, and the answer says why', async () => {
  const { simulator, end } = await setUp();
  simulator.putFeed({ url: feed.url, name: 'c2', enabled: false });
  expect(await end('synchronise-feed', { url: feed.url })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: expect.stringContaining('disabled'),
  });
});

test("a feed of the vendor's is disabled and enabled, and never deleted", async () => {
  const { simulator, connection, end } = await setUp();
  const url = 'https://api.alliance.example/feed/cbbanning';
  simulator.putFeed({ url, name: 'cbbanning', byHand: false });
  expect(await end('delete-feed', { url })).toMatchObject({ kind: 'failed', reason: 'rejected' });
  expect((await connection.verify('delete-feed', { url })).notes).toContainEqual(expect.stringContaining("vendor's"));
  expect(await end('disable-feed', { url })).toMatchObject({ kind: 'done', output: { enabled: false } });
  expect(await end('list-feeds', { name: 'CBBANNING' })).toMatchObject({
    output: { feeds: [{ url, enabled: false }] },
  });
});

test('a change that is answered with another result than success has failed', async () => {
  const { simulator, connection } = await setUp();
  const body = '{"result":"feed is locked"}';
  simulator.putFeed({ url: feed.url, name: 'c2' });
  simulator.fault({ fault: { kind: 'status', status: 200, body }, method: 'PUT' });
  expect(await connection.perform('disable-feed', { url: feed.url })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
    detail: expect.stringContaining('feed is locked'),
  });
});

test('the feeds that were recorded from 6.2 are read, without the user names and passwords they may hold', () => {
  const rows = recorded('cbapi-python_recorded/07_get_feed_list.json', 'response')['body'];
  const feeds = Array.isArray(rows) ? rows.map(row => parseFeed(row as never)) : [];
  expect(feeds).toHaveLength(138);
  expect(feeds[0]).toEqual({
    id: 2,
    name: 'cbbanning',
    url: 'https://api.alliance.carbonblack.com/feed/cbbanning',
    enabled: true,
    display_name: 'Carbon Black Banning Events',
    provider: 'http://www.carbonblack.com',
    summary: expect.stringContaining('process blocking events'),
    added_by_hand: false,
  });
});

test("the vendor's sample of a report is read", async () => {
  const name = 'cb-event-forwarder_test_inputs/hoverfly_threat_report_and_api_info.json';
  const report = recorded(name, 'GET /api/v1/feed/<id>/report/<rid>');
  const url = 'https://feeds.example/testquery2';
  const row = { id: '59', name: 'testquery2', feed_url: url, enabled: true, manually_added: true };
  const connection = await connected(({ url: asked }) =>
    Response.json(new URL(asked).pathname.endsWith('/feed/59/report/randommd5') ? report : [row]),
  );
  expect(await connection.perform('get-feed-report', { url, report: 'randommd5' })).toEqual({
    kind: 'done',
    output: {
      found: true,
      feed: 'testquery2',
      title: 'This is a test title',
      score: 1,
      time: '2013-10-03T04:09:48.000Z',
      ignored: false,
      ips: [],
      domains: [],
      hashes: ['a4f6df0e33e644e802c8798ed94d80ea'],
    },
  });
});

test('a number that JavaScript cannot hold is not sent back as another one', async () => {
  const url = 'https://feeds.example/c2';
  let enabled = true;
  let sent = '';
  const connection = await connected(async request => {
    if (request.method === 'PUT') {
      sent = await request.text();
      enabled = false;
    }
    const row = JSON.stringify({ id: 7, name: 'c2', feed_url: url, enabled, manually_added: true, provider_rating: 3 });
    const text =
      request.method === 'PUT' ? '{"result":"success"}' : `[${row.replace('}', ',"order":2211398595607011599}')}]`;
    return new Response(text, { headers: { 'content-type': 'application/json' } });
  });
  expect(await connection.perform('disable-feed', { url })).toMatchObject({ kind: 'done', output: { enabled: false } });
  expect(JSON.parse(sent)).toEqual({
    id: 7,
    name: 'c2',
    feed_url: url,
    enabled: false,
    manually_added: true,
    provider_rating: 3,
  });
});
