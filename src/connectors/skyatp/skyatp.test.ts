import { describe, expect, test } from 'vitest';
import { TOKEN, connecting, recorded, saying, setUp } from '../../../test/kit/skyatp.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';

const IP = '10.0.3.171';
const HASH = '470dfc18e05c01ebd66fb8b320ff7e6e76d8017feb530fb23b981982c737b490';

describe('lookup-hash', () => {
  test('reads the recorded answer on a malicious file', async () => {
    const connection = await saying(recorded('atpcloud_hash_lookup/02_malicious.json'));
    expect(await connection.perform('lookup-hash', { sha256: HASH })).toEqual({
      kind: 'done',
      output: { found: true, score: 10, threat_level: 'high', family: 'TROJAN_RANSOM', complete: true },
    });
  });

  test('reads the recorded answer on a clean file', async () => {
    const clean = recorded('atpcloud_hash_lookup/01_benign.json');
    const connection = await saying(clean);
    expect(await connection.perform('lookup-hash', { sha256: clean['sha256'] ?? null })).toEqual({
      kind: 'done',
      output: { found: true, score: 0, threat_level: 'clean', complete: true },
    });
  });

  test('takes a 404 of a product that is there as an unknown file, which is an answer', async () => {
    const { connection, seen } = await setUp();
    expect(await connection.perform('lookup-hash', { sha256: HASH })).toEqual({
      kind: 'done',
      output: { found: false },
    });
    expect(seen).toEqual([`GET /v2/skyatp/lookup/hash/${HASH}`, 'GET /v2/skyatp/ping']);
  });

  test('takes a 404 for a wrong address where nothing answers a ping: no file is unknown by that', async () => {
    const connection = await saying({ message: 'not found' }, 404);
    const answer = await connection.perform('lookup-hash', { sha256: HASH });
    expect(answer).toMatchObject({ kind: 'failed', reason: 'rejected' });
    expect(answer).toHaveProperty('detail', expect.stringContaining('status 404, and ping: status 404'));
  });

  test('takes an answer without a score as an unknown file', async () => {
    const connection = await saying({ sha256: HASH });
    expect(await connection.perform('lookup-hash', { sha256: HASH })).toEqual({
      kind: 'done',
      output: { found: false },
    });
  });

  test('a score below 0 is no verdict, and not a clean one', async () => {
    const connection = await saying({ sha256: HASH, scan_complete: true, score: -1 });
    expect(await connection.perform('lookup-hash', { sha256: HASH })).toEqual({
      kind: 'done',
      output: { found: true, complete: true },
    });
  });

  test('an answer about another file is none', async () => {
    const connection = await saying({ sha256: HASH.replace('4', '5'), scan_complete: true, score: 0 });
    expect(await connection.perform('lookup-hash', { sha256: HASH })).toMatchObject({ reason: 'malformed-answer' });
  });

  test('is asked in v1 where the settings say so', async () => {
    const { simulator, connection, seen } = await setUp({ settings: { version: 'v1' } });
    simulator.file(HASH, { score: 7, scan_complete: true, malware_info: { ident: 'MemScan:Trojan.Pws' } });
    expect(await connection.perform('lookup-hash', { sha256: HASH })).toMatchObject({
      output: { found: true, score: 7, family: 'MemScan:Trojan.Pws' },
    });
    expect(seen).toEqual([`GET /v1/skyatp/lookup/hash/${HASH}`]);
  });

  test('asks again while the file is being analysed', async () => {
    const { simulator, connection } = await setUp();
    simulator.file(HASH, { scan_complete: false, score: -1 });
    expect(await connection.perform('lookup-hash', { sha256: HASH.toUpperCase() })).toEqual({
      kind: 'pending',
      token: null,
      again: 30_000,
    });
  });
});

describe.each(['strings', 'objects'] as const)('infected hosts, with lists of %s', shape => {
  test('a host is listed, checked and let back', async () => {
    const { simulator, connection } = await setUp({ shape });
    expect(await connection.verify('add-infected-host', { ip: IP })).toMatchObject({
      stands: false,
      summary: 'not listed',
      notes: [],
    });
    expect(await connection.perform('add-infected-host', { ip: IP })).toEqual({
      kind: 'done',
      output: { ip: IP, listed: true, allowed: false, effective: true },
    });
    expect(await connection.verify('add-infected-host', { ip: IP })).toMatchObject({ stands: true, summary: 'listed' });
    expect(await connection.perform('check-infected-host', { ip: IP })).toMatchObject({
      output: {
        listed: true,
        effective: true,
        level: 10,
        allowed: false,
        summary: 'on our block list, blocked at level 10',
      },
    });
    expect(await connection.perform('add-infected-host', { ip: IP })).toMatchObject({ kind: 'done', already: true });
    expect(await connection.perform('remove-infected-host', { ip: IP })).toEqual({
      kind: 'done',
      output: { ip: IP, listed: false, still_effective: false },
    });
    expect(await connection.perform('remove-infected-host', { ip: IP })).toMatchObject({ kind: 'done', already: true });
    expect(simulator.state()).toMatchObject({ blacklist: [], whitelist: [], feed: {} });
  });
});

test("the cloud's own verdict is not our entry: it is noted, and it outlives the removal of ours", async () => {
  const { simulator, connection } = await setUp();
  simulator.cloudVerdict(IP, 7);
  expect(await connection.verify('add-infected-host', { ip: IP })).toMatchObject({
    stands: false,
    notes: ["SkyATP's own verdict has the host in the feed at level 7"],
  });
  await connection.perform('add-infected-host', { ip: IP });
  expect(await connection.perform('remove-infected-host', { ip: IP })).toMatchObject({
    output: { still_effective: true },
  });
});

test('an allowed host is listed without effect, and whoever looks is told', async () => {
  const { simulator, connection } = await setUp();
  simulator.allow(IP);
  expect(await connection.perform('add-infected-host', { ip: IP })).toMatchObject({
    output: { allowed: true, effective: false },
  });
  expect(await connection.verify('add-infected-host', { ip: IP })).toMatchObject({
    stands: true,
    notes: ['the allow list holds this address, which overrules the block list'],
  });
});

test('whether the entry is ours can be told when nothing else can be read', async () => {
  const { simulator, connection } = await setUp();
  simulator.fault({ fault: { kind: 'status', status: 503 }, path: '/v2/' });
  const standing = await connection.verify('add-infected-host', { ip: IP });
  expect(standing).toMatchObject({ stands: false, summary: 'not listed' });
  expect(standing.notes).toEqual([expect.stringContaining('could not be read: infected hosts feed: status 503')]);
});

test('two spellings of one address are one entry', async () => {
  const { simulator, connection } = await setUp();
  await connection.perform('add-infected-host', { ip: 'FE80:0::1' });
  expect(await connection.verify('add-infected-host', { ip: 'fe80::1' })).toMatchObject({ stands: true });
  expect(simulator.state()).toMatchObject({ blacklist: ['fe80::1'] });
});

test('a proxy that drops the body of a DELETE is found out', async () => {
  const simulator = createSimulator({ token: TOKEN });
  const connection = await connecting(request =>
    request.method === 'DELETE'
      ? Response.json(recorded('atpcloud_list_mutation/02_delete.json'))
      : simulator.fetch(request),
  );
  await connection.perform('add-infected-host', { ip: IP });
  expect(await connection.perform('remove-infected-host', { ip: IP })).toMatchObject({
    kind: 'failed',
    reason: 'rejected',
  });
});

test('an entry that is not seen at once is asked for again', async () => {
  const connection = await saying(recorded('atpcloud_list_get/04_get.json'));
  expect(await connection.perform('add-infected-host', { ip: IP })).toEqual({
    kind: 'pending',
    token: null,
    again: 5_000,
  });
});

test('a follow-up read that is refused leaves the change unconfirmed, not failed', async () => {
  const { simulator, connection } = await setUp();
  simulator.fault({ fault: { kind: 'status', status: 403 }, path: '/whitelist' });
  expect(await connection.perform('add-infected-host', { ip: IP })).toMatchObject({ kind: 'unconfirmed' });
  expect(simulator.state()).toMatchObject({ blacklist: [IP] });
});

test('requests beyond the limit of a minute are to be repeated later', async () => {
  const { simulator, connection } = await setUp({ perMinute: 2 });
  expect(await connection.perform('check-infected-host', { ip: IP })).toMatchObject({
    kind: 'retry',
    reason: 'rate-limited',
  });
  simulator.tick(60_000);
  expect(await connection.perform('lookup-hash', { sha256: HASH })).toMatchObject({ kind: 'done' });
});

test.each([
  ['no object', []],
  ['no data', { ip: [] }],
  ['no list', { data: { ip: 'x' } }],
  ['a number as entry', { data: { ip: [1] } }],
  ['fewer entries than it counts', { data: { count: 2, ip: ['10.0.3.171'] } }],
])('a list with %s is a malformed answer', async (_, body) => {
  const connection = await saying(body);
  expect(await connection.perform('check-infected-host', { ip: IP })).toMatchObject({
    kind: 'retry',
    reason: 'malformed-answer',
  });
});

test('the simulator answers in the recorded shapes', async () => {
  const simulator = createSimulator({ token: TOKEN });
  const get = async (path: string): Promise<unknown> =>
    (await simulator.fetch(new Request(`http://x${path}`, { headers: { authorization: `Bearer ${TOKEN}` } }))).json();
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;
  expect(await get('/v2/skyatp/infected_hosts')).toEqual({
    ...recorded('atpcloud_list_get/04_get.json'),
    request_id: id,
  });
  simulator.cloudVerdict('10.0.3.171', 10);
  expect(await get('/v2/skyatp/infected_hosts')).toEqual({
    ...recorded('atpcloud_infected_hosts/01_feed.json'),
    request_id: id,
  });
  expect(await (await simulator.fetch(new Request('http://x/v2/skyatp/ping'))).text()).toBe('I am a potato.');
});

test('a plan says what would change', () => {
  const action = connector.actions.find(({ name }) => name === 'add-infected-host');
  expect(
    action?.plan?.({ ip: IP }, { stands: false, summary: 'not listed', state: { listed: false, allowed: false } }),
  ).toEqual({
    change: 'infected hosts: not listed -> listed',
    notes: [],
    output: { ip: IP, listed: true, allowed: false, effective: true },
  });
  expect(action?.plan?.({ ip: IP }, undefined)).toEqual({ change: 'infected hosts: unknown -> listed', notes: [] });
});
