import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../base/json.ts';
import { parseNetwork } from '../base/network.ts';
import { Secret } from '../base/secret.ts';
import { silentLog } from '../base/service.ts';
import type { FeedsOptions } from './feeds.ts';
import { openFeeds } from './feeds.ts';
import type { FeedKeeper } from './keeper.ts';
import type { Protection } from './protection.ts';
import { memoryKeeper } from './keeper.ts';

const TOKEN = 'of-whoever-changes-feeds';
const NINE = Date.parse('2026-11-24T09:00:00Z');
const SRX = '10.9.9.1';

interface Asked {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly client?: string;
}

/** Feeds in a world whose clock a test moves. */
async function setUp(options: Partial<FeedsOptions> = {}) {
  let now = NINE;
  const door = await openFeeds({
    feeds: [
      { name: 'blocked', kind: 'ip', most: 100 },
      { name: 'second', kind: 'ip', most: 2 },
      { name: 'bad-names', kind: 'domain', most: 100 },
      { name: 'hashes', kind: 'hash', most: 100 },
    ],
    keeper: memoryKeeper(),
    protection: () => NONE,
    readers: {},
    url: 'https://backline.example',
    token: new Secret(TOKEN),
    now: () => now,
    log: silentLog,
    ...options,
  });
  const ask = (path: string, { method = 'GET', headers = {}, client = SRX }: Asked = {}): Promise<Response> =>
    door(new Request(`http://feeds.example${path}`, { method, headers }), client);
  const send = (method: string, feed: string, value: string, body?: string): Promise<Response> =>
    door(
      new Request(`http://feeds.example/api/feeds/${feed}/entry?value=${encodeURIComponent(value)}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}` },
        ...(body === undefined ? {} : { body }),
      }),
      '127.0.0.1',
    );
  const change = (method: string, feed: string, value: string, body?: Json): Promise<Response> =>
    send(method, feed, value, body === undefined ? undefined : JSON.stringify(body));
  return {
    ask,
    send,
    change,
    add: async (value: string, body: Json = {}, feed = 'blocked'): Promise<JsonObject> =>
      (await (await change('PUT', feed, value, body)).json()) as JsonObject,
    entry: async (value: string): Promise<JsonObject> =>
      (await (await change('GET', 'blocked', value)).json()) as JsonObject,
    text: async (path: string): Promise<string> => (await ask(path)).text(),
    pass: (time: number) => void (now += time),
  };
}

const NONE = { networks: [] };

const headersOf = ({ headers }: Response) => ['etag', 'last-modified', 'content-length'].map(name => headers.get(name));

describe('a plain list', () => {
  test('is sorted by number, collapsed, and its last line is ended', async () => {
    const { add, text } = await setUp();
    expect(await text('/blocked.txt')).toBe('');
    for (const value of ['10.0.0.10', '10.0.0.9', '2001:DB8::1', '10.0.0.8', '192.0.2.0/25', '192.0.2.128/25'])
      await add(value);
    expect(await text('/blocked.txt')).toBe('10.0.0.8/31\n10.0.0.10\n192.0.2.0/24\n2001:db8::1\n');
  });

  test('has each value in one spelling, once', async () => {
    const { add, text } = await setUp();
    for (const value of ['Evil.Example.', 'evil.example', 'a.example']) await add(value, {}, 'bad-names');
    expect(await text('/bad-names.txt')).toBe('a.example\nevil.example\n');
  });

  test('holds nothing that is no value of its kind', async () => {
    const { change, text } = await setUp();
    for (const value of ['', '10.0.0.1\n10.0.0.2', 'evil.example', '10.0.0.1/33', '010.0.0.1'])
      expect((await change('PUT', 'blocked', value, {})).status).toBe(422);
    for (const value of ['10.0.0.1', 'a b.example', '-a.example', 'a..example', 'x'.repeat(300)])
      expect((await change('PUT', 'bad-names', value, {})).status).toBe(422);
    expect(await text('/blocked.txt')).toBe('');
  });
});

describe.each(['/blocked.txt', '/srx.tgz', '/blocked.cb.json', '/secintel/manifest.xml', '/secintel/blocked'])(
  '%s',
  path => {
    test('answers HEAD as GET, without the content', async () => {
      const { add, ask } = await setUp();
      await add('203.0.113.9');
      const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
      expect([...head.headers]).toEqual([...get.headers]);
      expect(head.status).toBe(200);
      expect(await head.text()).toBe('');
      expect(get.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
    });

    test('keeps its headers as long as nothing changes, and changes all that a firewall may compare with the list', async () => {
      const { add, change, ask, pass } = await setUp();
      await add('203.0.113.10');
      const before = headersOf(await ask(path));
      pass(3_600_000);
      expect(headersOf(await ask(path))).toEqual(before);
      // Another list of the same length, within the same second.
      await change('DELETE', 'blocked', '203.0.113.10');
      await add('203.0.113.11');
      const [etag, modified, length] = headersOf(await ask(path, { method: 'HEAD' }));
      expect(etag).not.toBe(before[0]);
      expect(Date.parse(modified ?? '')).toBeGreaterThan(Date.parse(before[1] ?? ''));
      // Where the form leaves room for it.
      if (path === '/srx.tgz') expect(length).not.toBe(before[2]);
    });

    test('says that nothing is new to whoever has it', async () => {
      const { add, ask, pass } = await setUp();
      await add('203.0.113.9');
      const [etag = '', modified = ''] = headersOf(await ask(path)).map(String);
      for (const headers of [
        { 'if-none-match': etag },
        { 'if-none-match': `"x", W/${etag}` },
        { 'if-modified-since': modified },
      ] as const) {
        const answer = await ask(path, { headers: { ...headers } });
        expect([answer.status, await answer.text()]).toEqual([304, '']);
      }
      pass(1_000);
      await add('203.0.113.77');
      for (const headers of [{ 'if-none-match': etag }, { 'if-modified-since': modified }] as const)
        expect((await ask(path, { headers: { ...headers } })).status).toBe(200);
    });

    test('takes nothing but GET and HEAD', async () => {
      const { ask } = await setUp();
      for (const method of ['PUT', 'POST', 'DELETE']) expect((await ask(path, { method })).status).toBe(405);
    });
  },
);

test('a change within a second of another has a time of its own', async () => {
  const { add, ask } = await setUp();
  const times = [];
  for (const value of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
    await add(value);
    times.push((await ask('/blocked.txt', { method: 'HEAD' })).headers.get('last-modified'));
  }
  expect(new Set(times).size).toBe(3);
});

describe('the archive for SRX', () => {
  test('is what tar makes of it: one file a list of addresses, under a path that is configured there', async () => {
    const { add, ask } = await setUp();
    await add('203.0.113.9');
    await add('198.51.100.0/24', {}, 'second');
    const archive = Buffer.from(await (await ask('/srx.tgz')).arrayBuffer());
    const listed = spawnSync('tar', ['tvzf', '-'], { input: archive, encoding: 'utf8' });
    expect(listed.stdout.split('\n').map(line => line.split(/ +/).at(-1))).toEqual([
      'feeds/blocked',
      'feeds/second',
      '',
    ]);
    expect(spawnSync('tar', ['xzOf', '-', 'feeds/second'], { input: archive, encoding: 'utf8' }).stdout).toBe(
      '198.51.100.0/24\n',
    );
  });

  test('has another length after a change of equal size, and is still an archive', async () => {
    const { add, change, ask } = await setUp();
    const lengths: number[] = [];
    for (let last = 1; last < 60; last++) {
      await add(`203.0.113.${100 + last}`);
      const archive = Buffer.from(await (await ask('/srx.tgz')).arrayBuffer());
      lengths.push(archive.length);
      await change('DELETE', 'blocked', `203.0.113.${100 + last}`);
      const content = spawnSync('tar', ['xzOf', '-', 'feeds/blocked'], { input: archive, encoding: 'utf8' });
      expect([content.stdout, content.stderr]).toEqual([`203.0.113.${100 + last}\n`, '']);
    }
    expect(lengths.filter((length, index) => length === lengths[index - 1])).toEqual([]);
  });
});

describe('an entry with an end', () => {
  test('is listed until then, and the headers say when it is gone', async () => {
    const { add, ask, text, pass, entry } = await setUp();
    await add('203.0.113.9', { expires: '2026-11-24T10:00:00Z' });
    await add('203.0.113.10');
    const before = headersOf(await ask('/blocked.txt'));
    pass(3_599_000);
    expect(headersOf(await ask('/blocked.txt'))).toEqual(before);
    pass(1_000);
    expect(await text('/blocked.txt')).toBe('203.0.113.10\n');
    expect(headersOf(await ask('/blocked.txt'))).not.toEqual(before);
    expect(await entry('203.0.113.9')).toMatchObject({ listed: false });
  });

  test('gets another end when it is added again, and none where none is given', async () => {
    const { add, entry } = await setUp();
    await add('203.0.113.9', { expires: '2026-11-24T10:00:00Z' });
    await add('203.0.113.9', { expires: '2026-11-24T11:00:00Z' });
    expect(await entry('203.0.113.9')).toMatchObject({ expires: '2026-11-24T11:00:00.000Z' });
    await add('203.0.113.9');
    expect(await entry('203.0.113.9')).not.toHaveProperty('expires');
  });
});

describe('protection', () => {
  const network = parseNetwork('10.0.0.0/24');
  const protection = { networks: network === undefined ? [] : [network] };

  test.each([
    '10.0.0.5',
    '10.0.0.0/24',
    '10.0.0.0/16',
    '::ffff:10.0.0.5',
    '127.0.0.1',
    '0.0.0.0/0',
    '224.0.0.1',
    '::1',
    'fe80::1',
    '11.0.0.0/7',
    '2000::/3',
  ])('%s is never listed', async value => {
    const { change, text } = await setUp({ protection: () => protection });
    const answer = await change('PUT', 'blocked', value, {});
    expect(answer.status).toBe(422);
    expect(await answer.json()).toEqual({ message: expect.stringContaining('is not listed: ') as unknown });
    expect(await text('/blocked.txt')).toBe('');
  });

  test('that comes later takes an entry out of the list, says so, and gives it back when it goes', async () => {
    let current: Protection = NONE;
    const { add, text, entry, ask } = await setUp({ protection: () => current });
    await add('10.0.0.5');
    expect(await text('/blocked.txt')).toBe('10.0.0.5\n');
    const before = headersOf(await ask('/blocked.txt'));
    current = protection;
    expect(await text('/blocked.txt')).toBe('');
    expect(await entry('10.0.0.5')).toMatchObject({ listed: false, withheld: 'it is protected' });
    current = NONE;
    expect(await text('/blocked.txt')).toBe('10.0.0.5\n');
    expect(headersOf(await ask('/blocked.txt'))[1]).not.toBe(before[1]);
  });
});

test('a feed that is full takes no more, but other ends of what it has', async () => {
  const { change } = await setUp();
  const put = async (value: string, body: Json = {}): Promise<number> =>
    (await change('PUT', 'second', value, body)).status;
  expect([
    await put('203.0.113.1', { expires: '2026-11-24T10:00:00Z' }),
    await put('203.0.113.2'),
    await put('203.0.113.3'),
  ]).toEqual([200, 200, 409]);
  expect(await put('203.0.113.1', { expires: '2026-11-24T11:00:00Z' })).toBe(200);
});

describe('who has what', () => {
  test('is known from what was fetched, not from what was asked', async () => {
    const { add, ask, entry, pass } = await setUp();
    await ask('/srx.tgz');
    const { version } = await add('203.0.113.9');
    expect(version).toBe(1);
    pass(30_000);
    await ask('/srx.tgz', { method: 'HEAD' });
    expect((await entry('203.0.113.9'))['readers']).toEqual([
      { client: SRX, seen: '2026-11-24T09:00:30.000Z', fetched: '2026-11-24T09:00:00.000Z', version: 0 },
    ]);
    await ask('/srx.tgz');
    expect(await entry('203.0.113.9')).toMatchObject({
      listed: true,
      since: 1,
      readers: [{ client: SRX, fetched: '2026-11-24T09:00:30.000Z', version: 1 }],
    });
  });

  test('counts nobody who can block nothing with it', async () => {
    const { add, ask, entry } = await setUp();
    await add('203.0.113.9');
    for (const path of ['/secintel/manifest.xml', '/secintel/schema.xml', '/blocked.cb.json', '/second.txt'])
      await ask(path);
    expect((await entry('203.0.113.9'))['readers']).toEqual([]);
    await ask('/secintel/blocked');
    expect((await entry('203.0.113.9'))['readers']).toMatchObject([{ client: SRX, version: 1 }]);
  });

  test('counts whoever is told that nothing is new', async () => {
    const { add, ask, entry } = await setUp();
    await add('203.0.113.9');
    const etag = (await ask('/blocked.txt', { client: '10.9.9.2' })).headers.get('etag') ?? '';
    await ask('/blocked.txt', { client: '10.9.9.3', headers: { 'if-none-match': etag } });
    expect((await entry('203.0.113.9'))['readers']).toMatchObject([
      { client: '10.9.9.2', version: 1 },
      { client: '10.9.9.3', version: 1 },
    ]);
  });
});

describe('access', () => {
  const basic = `Basic ${Buffer.from('srx:pass word').toString('base64')}`;
  const readers = {
    from: [parseNetwork('10.9.0.0/16')].flatMap(one => one ?? []),
    basic: { user: 'srx', password: new Secret('pass word') },
    token: new Secret('a-reading-token'),
  };

  test.each<[string, string, string | undefined, number]>([
    ['with the password', SRX, basic, 200],
    ['with the token', SRX, 'Bearer a-reading-token', 200],
    ['with neither', SRX, undefined, 401],
    ['with a wrong one', SRX, 'Bearer another', 401],
    ['with the token of changes', SRX, `Bearer ${TOKEN}`, 401],
    ['from elsewhere', '10.8.0.1', basic, 403],
    ['from an IPv4 address as IPv6 has it', `::ffff:${SRX}`, basic, 200],
  ])('to read %s', async (_, client, authorization, status) => {
    const { ask } = await setUp({ readers });
    const headers = authorization === undefined ? {} : { authorization };
    expect((await ask('/blocked.txt', { client, headers })).status).toBe(status);
    expect((await ask('/srx.tgz', { client, headers, method: 'HEAD' })).status).toBe(status);
  });

  test.each<[string, string | undefined]>([
    ['127.0.0.1', undefined],
    ['127.0.0.1', 'Bearer a-reading-token'],
    [SRX, `Bearer ${TOKEN}`],
  ])('to change from %s with %s is refused', async (client, authorization) => {
    const { ask } = await setUp({ readers: {} });
    const headers = authorization === undefined ? {} : { authorization };
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await ask('/api/feeds/blocked/entry?value=10.1.1.1', { client, headers, method })).status).toBe(401);
  });
});

test.each([
  '/',
  '/unknown.txt',
  '/blocked',
  '/blocked.TXT',
  '/../etc/passwd',
  '/secintel/bad-names',
  '/__proto__.txt',
  '/blocked.txt/',
])('there is nothing under %s', async path => {
  const { ask } = await setUp();
  expect((await ask(path)).status).toBe(404);
});

test('SecIntel has addresses as numbers, networks as how many follow, and no IPv6', async () => {
  const { add, text } = await setUp();
  for (const value of ['192.168.8.1', '10.1.0.0/24', '2001:db8::1']) await add(value);
  const data = await text('/secintel/blocked');
  const lines = data.split('\n');
  expect(lines.slice(1, -2)).toEqual(['#del', '#add', '{"2":[167837696,255]}', '{"1":3232237569}', '#end']);
  const [head = '', end = ''] = [lines[0], lines.at(-2)];
  expect(JSON.parse(head)).toMatchObject({ filter: {}, previous_version: null });
  expect(end).toBe(createHash('md5').update(data.slice(0, -33)).digest('hex'));
  const manifest = await text('/secintel/manifest.xml');
  expect(manifest).toContain('<feed name="blocked" version="blocked" data_ts="1795510800" objects="2"');
  const { schema_version: schema } = JSON.parse(head) as { schema_version: string };
  expect(manifest).toContain(`<config version="${schema}">`);
  expect(await text('/secintel/schema.xml')).toContain(`version="${schema}"`);
});

describe('a feed for Carbon Black', () => {
  const reportOf = async (text: string) =>
    (JSON.parse(text) as { reports: { timestamp: number; iocs: JsonObject }[] }).reports[0];

  test('has single addresses, which are not collapsed, and no empty list', async () => {
    const { add, text, pass } = await setUp();
    expect((JSON.parse(await text('/blocked.cb.json')) as JsonObject)['reports']).toEqual([]);
    for (const value of ['203.0.113.8', '203.0.113.9', '198.51.100.0/24', '2001:db8::1']) await add(value);
    const before = await reportOf(await text('/blocked.cb.json'));
    expect(before?.iocs).toEqual({ ipv4: ['203.0.113.8', '203.0.113.9'], ipv6: ['2001:db8::1'] });
    pass(1_000);
    await add('203.0.113.77');
    expect((await reportOf(await text('/blocked.cb.json')))?.timestamp).toBeGreaterThan(before?.timestamp ?? Infinity);
  });

  test('names Backline as its provider, whatever a reader calls it', async () => {
    const { ask, text } = await setUp();
    await ask('/blocked.cb.json', { headers: { host: 'evil.example' } });
    expect(JSON.parse(await text('/blocked.cb.json'))).toMatchObject({
      feedinfo: { provider_url: 'https://backline.example' },
    });
  });

  test('has names and hashes as what they are', async () => {
    const { add, text } = await setUp();
    await add('evil.example', {}, 'bad-names');
    for (const length of [32, 40, 64]) await add('A'.repeat(length), {}, 'hashes');
    expect((await reportOf(await text('/bad-names.cb.json')))?.iocs).toEqual({ dns: ['evil.example'] });
    expect((await reportOf(await text('/hashes.cb.json')))?.iocs).toEqual({
      md5: ['a'.repeat(32)],
      sha256: ['a'.repeat(64)],
    });
    expect(JSON.parse(await text('/bad-names.cb.json'))).toMatchObject({ feedinfo: { name: 'backlinebadnames' } });
  });
});

describe('changes', () => {
  test('are served only when they are kept, and are there after a restart', async () => {
    const keeper = memoryKeeper();
    let isBroken = true;
    const failing: FeedKeeper = {
      ...keeper,
      save: async (feed, kept) => (isBroken ? Promise.reject(new Error('the disk is full')) : keeper.save(feed, kept)),
    };
    const { change, add, text } = await setUp({ keeper: failing });
    await expect(change('PUT', 'blocked', '203.0.113.9', {})).rejects.toThrow('the disk is full');
    expect(await text('/blocked.txt')).toBe('');
    isBroken = false;
    await add('203.0.113.9', { note: 'run 7' });
    const again = await setUp({ keeper });
    expect(await again.text('/blocked.txt')).toBe('203.0.113.9\n');
    expect(await again.entry('203.0.113.9')).toMatchObject({ version: 1 });
  });

  test('at the same time are made one after another, and none is lost', async () => {
    const { change, text } = await setUp();
    await Promise.all(Array.from({ length: 50 }, (_, index) => change('PUT', 'blocked', `203.0.113.${2 * index}`, {})));
    expect((await text('/blocked.txt')).split('\n').length).toBe(51);
  });

  test.each<[string, string]>([
    ['no object', '[]'],
    ['no JSON', '{'],
    ['an end that is no time', '{"expires":"soon"}'],
    ['a note that is no text', '{"note":1}'],
  ])('with %s are refused', async (_, body) => {
    const door = await setUp();
    expect((await door.send('PUT', 'blocked', '203.0.113.9', body)).status).toBe(422);
    expect(await door.text('/blocked.txt')).toBe('');
  });
});
