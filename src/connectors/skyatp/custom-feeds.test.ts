import { describe, expect, test } from 'vitest';
import { TOKEN, connecting, setUp as setUpProduct } from '../../../test/kit/skyatp.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';

const FEEDS = ['cc/ip/Backline_C2', 'cc/domain/Backline_Names', 'ipfilter/Backline_Drop', 'DNS/Backline_DNS'];

/** The simulator serves both APIs, under one address. */
async function setUp({
  feeds = FEEDS,
  settings = {},
  ...options
}: Parameters<typeof setUpProduct>[0] & { feeds?: string[] } = {}) {
  const product = await setUpProduct({ ...options, settings: { feeds, ...settings } });
  for (const feed of feeds) product.simulator.createFeed(feed);
  const process = (): void => product.simulator.tick(product.connection.pass(10_000));
  return { ...product, process };
}

test.each([
  ['cc/ip/Backline_C2', { ip: '203.0.113.9', level: 8 }, '203.0.113.9,8', 'cc/file/ip'],
  ['cc/domain/Backline_Names', { domain: 'Evil.Example.' }, 'evil.example,10', 'cc/file/domain'],
  ['ipfilter/Backline_Drop', { ip: '2001:DB8:0::9' }, '2001:db8::9', 'ipfilter/file'],
  ['DNS/Backline_DNS', { domain: 'evil.example', level: 1 }, 'evil.example,1', 'DNS/file'],
])('an entry goes into %s as a line, and is taken out of it', async (feed, entry, line, path) => {
  const { simulator, connection, seen, process } = await setUp();
  const name = feed.split('/').at(-1) ?? '';
  const { level: _level, ...value } = { level: undefined, ...entry };
  expect(await connection.perform('add-to-feed', { feed: name, ...entry })).toEqual({
    kind: 'done',
    output: { accepted: true },
  });
  // Accepted is not enforced.
  expect(simulator.feedLines(feed)).toEqual([]);
  process();
  expect(simulator.feedLines(feed)).toEqual([line]);
  expect(await connection.perform('remove-from-feed', { feed: name, ...value })).toEqual({
    kind: 'done',
    output: { accepted: true },
  });
  process();
  expect(simulator.feedLines(feed)).toEqual([]);
  expect(seen).toEqual([
    `PATCH /v2/cloudfeeds/${path}/${name}`,
    `DELETE /v2/cloudfeeds/${path.replace('file', 'param')}/${name}`,
  ]);
});

test('an entry that is there gets the new level, and stays one entry', async () => {
  const { simulator, connection, process } = await setUp();
  await connection.perform('add-to-feed', { feed: 'Backline_C2', ip: '203.0.113.9', level: 3 });
  await connection.perform('add-to-feed', { feed: 'Backline_C2', ip: '203.0.113.9', level: 9 });
  process();
  expect(simulator.feedLines('cc/ip/Backline_C2')).toEqual(['203.0.113.9,9']);
});

test('the other version is asked where the settings say so', async () => {
  const { connection, seen } = await setUp({ settings: { version: 'v1' } });
  await connection.perform('add-to-feed', { feed: 'Backline_Drop', ip: '203.0.113.9' });
  expect(seen).toEqual(['PATCH /v1/cloudfeeds/ipfilter/file/Backline_Drop']);
});

describe('a feed that is not there', () => {
  test('is not created: a creation that is under way would be overtaken by the next one', async () => {
    const { connection, seen } = await setUpProduct({ settings: { feeds: FEEDS } });
    expect(await connection.perform('add-to-feed', { feed: 'Backline_C2', ip: '203.0.113.9' })).toEqual({
      kind: 'failed',
      reason: 'not-found',
      detail: 'feed Backline_C2: status 404. A feed is created once, by hand: see the README',
    });
    expect(seen).toHaveLength(1);
  });

  test('has nothing to be removed, where a ping is answered', async () => {
    const { connection } = await setUpProduct({ settings: { feeds: FEEDS } });
    expect(await connection.perform('remove-from-feed', { feed: 'Backline_C2', ip: '203.0.113.9' })).toEqual({
      kind: 'done',
      already: true,
      output: { accepted: true },
    });
  });

  test('may be a wrong address: then the entry is not taken for removed', async () => {
    const connection = await connecting(() => Response.json({ message: 'no' }, { status: 404 }), { feeds: FEEDS });
    expect(await connection.perform('remove-from-feed', { feed: 'Backline_C2', ip: '203.0.113.9' })).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
    });
  });
});

test.each([
  [{ feed: 'Backline_C3', ip: '203.0.113.9' }, 'feed "Backline_C3" is not in the settings'],
  [{ feed: 'Backline_C2' }, 'give exactly one of ip, domain and url'],
  [{ feed: 'Backline_C2', domain: 'evil.example' }, 'feed Backline_C2 holds ip entries, and not domain'],
  [{ feed: 'Backline_Names', domain: '*' }, 'domain: "*" is no domain name'],
  [{ feed: 'Backline_Names', domain: 'evil.example,1' }, 'is no domain name'],
  [{ feed: 'Backline_Names', domain: 'a.example\nb.example' }, 'is no domain name'],
])('%j is refused, and nothing is sent', async (input, detail) => {
  const { connection, seen } = await setUp();
  for (const action of ['add-to-feed', 'remove-from-feed'])
    expect(await connection.perform(action, input)).toMatchObject({
      kind: 'failed',
      reason: 'invalid-input',
      detail: expect.stringContaining(detail) as string,
    });
  expect(seen).toEqual([]);
});

test('a level has no place in a feed of ipfilter', async () => {
  const { connection, seen } = await setUp();
  expect(await connection.perform('add-to-feed', { feed: 'Backline_Drop', ip: '203.0.113.9', level: 4 })).toMatchObject(
    {
      kind: 'failed',
      reason: 'invalid-input',
    },
  );
  expect(seen).toEqual([]);
});

test.each([
  [['cc/Backline_C2'], /must be cc\/ip\/<name>.*is "cc\/Backline_C2"/],
  [['cc/ip/short'], /8 to 64/],
  [['dns/Backline_DNS'], /must be/],
  [['cc/ip/Backline_C2', 'DNS/Backline_C2'], /"Backline_C2" is there twice/],
])('feeds %j are refused in the settings', (feeds, message) => {
  const settings = { url: 'https://x.example', token: new Secret(TOKEN), feeds_url: 'https://y.example', feeds };
  expect(() => connector.endpoints(settings)).toThrow(message);
});

test('feeds without an address are refused in the settings', () => {
  const settings = { url: 'https://x.example', token: new Secret(TOKEN), feeds: FEEDS };
  expect(() => connector.endpoints(settings)).toThrow('feeds_url must say where custom feeds are');
});

test('requests beyond the limit of a minute are refused for each kind of feed by itself', async () => {
  const { simulator, connection } = await setUp({ retryAfter: 20 });
  const add = (feed: string, entry: object) => connection.perform('add-to-feed', { feed, ...entry });
  for (let times = 0; times < 50; times++) await add('Backline_DNS', { domain: `d${times}.example` });
  const answer = await add('Backline_DNS', { domain: 'late.example' });
  expect(answer).toMatchObject({ kind: 'retry', reason: 'rate-limited', after: 20_000 });
  expect(answer).not.toHaveProperty('inDoubt');
  expect(answer).toHaveProperty('detail', expect.stringContaining('50 for DNS feeds'));
  expect(await add('Backline_C2', { ip: '203.0.113.9' })).toMatchObject({ kind: 'done' });
  simulator.tick(connection.pass(60_000));
  expect(await add('Backline_DNS', { domain: 'late.example' })).toMatchObject({ kind: 'done' });
});

test('a plan says that nothing can be looked at', () => {
  const action = connector.actions.find(({ name }) => name === 'add-to-feed');
  expect(action?.plan?.({ feed: 'Backline_C2', ip: '203.0.113.9' }, undefined)).toEqual({
    change: 'feed Backline_C2: unknown -> entry accepted',
    notes: ['the content of a custom feed cannot be read'],
    output: { accepted: true },
  });
});
