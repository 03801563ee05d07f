import { describe, expect, test } from 'vitest';
import { connecting, recorded, setUp } from '../../../test/kit/skyatp.ts';

const IP = '10.0.3.171';

describe('list-infected-hosts', () => {
  test('gives all hosts of the feed, the worst first, and says which ones are listed by us', async () => {
    const { simulator, connection } = await setUp();
    simulator.cloudVerdict('10.0.3.2', 5);
    simulator.cloudVerdict('10.0.3.1', 5);
    await connection.perform('add-infected-host', { ip: IP });
    expect(await connection.perform('list-infected-hosts', {})).toEqual({
      kind: 'done',
      output: {
        total: 3,
        hosts: [
          { ip: IP, level: 10, listed: true },
          { ip: '10.0.3.1', level: 5, listed: false },
          { ip: '10.0.3.2', level: 5, listed: false },
        ],
      },
    });
    expect(await connection.perform('list-infected-hosts', { level: 6 })).toMatchObject({ output: { total: 1 } });
  });

  test('a host without a level is not known to be below one', async () => {
    const connection = await connecting(request =>
      Response.json(request.url.includes('/v2/') ? { data: { count: 1, ip: [IP] } } : { data: {} }),
    );
    expect(await connection.perform('list-infected-hosts', { level: 8 })).toEqual({
      kind: 'done',
      output: { total: 1, hosts: [{ ip: IP, listed: false }] },
    });
  });

  test('reads the recorded feed, and the recorded empty one, which has no count', async () => {
    let answer = 'atpcloud_infected_hosts/01_feed.json';
    const connection = await connecting(request =>
      Response.json(request.url.includes('/v2/') ? recorded(answer) : { data: {} }),
    );
    expect(await connection.perform('list-infected-hosts', {})).toMatchObject({
      output: { total: 1, hosts: [{ ip: '10.0.3.171', level: 10 }] },
    });
    answer = 'atpcloud_list_get/04_get.json';
    expect(await connection.perform('list-infected-hosts', {})).toEqual({
      kind: 'done',
      output: { total: 0, hosts: [] },
    });
  });

  test('a feed that is too long is not cut off', async () => {
    const { simulator, connection } = await setUp();
    for (let index = 0; index <= 10_000; index++)
      simulator.cloudVerdict(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 3);
    expect(await connection.perform('list-infected-hosts', {})).toMatchObject({ kind: 'failed', reason: 'too-many' });
    expect(await connection.perform('list-infected-hosts', { level: 9 })).toMatchObject({ output: { total: 0 } });
  });
});

describe.each(['strings', 'objects'] as const)('allowed hosts, with lists of %s', shape => {
  test('a host that is allowed leaves the feed, and comes back when it is no more', async () => {
    const { simulator, connection } = await setUp({ shape });
    simulator.cloudVerdict(IP, 7);
    expect(await connection.verify('add-allowed-host', { ip: IP })).toMatchObject({
      stands: false,
      summary: 'not allowed',
      notes: ['firewalls are told to block it'],
    });
    expect(await connection.perform('add-allowed-host', { ip: IP })).toEqual({
      kind: 'done',
      output: { ip: IP, allowed: true, effective: false },
    });
    expect(await connection.perform('add-allowed-host', { ip: IP })).toMatchObject({ kind: 'done', already: true });
    expect(await connection.verify('add-allowed-host', { ip: IP })).toMatchObject({ stands: true, notes: [] });
    expect(await connection.perform('remove-allowed-host', { ip: IP })).toEqual({
      kind: 'done',
      output: { ip: IP, allowed: false, effective: true },
    });
    expect(simulator.state()).toMatchObject({ whitelist: [], feed: { [IP]: 7 } });
  });
});

test('a host that our block list holds is noted when it is to be allowed', async () => {
  const { connection } = await setUp();
  await connection.perform('add-infected-host', { ip: IP });
  expect(await connection.verify('add-allowed-host', { ip: IP })).toMatchObject({
    notes: ['our block list holds this address; the allow list overrules it', 'firewalls are told to block it'],
  });
});

test.each([
  ['blacklist', 'remove-infected-host'],
  ['whitelist', 'remove-allowed-host'],
])('an address leaves the %s as it is spelled there', async (list, action) => {
  const bodies: unknown[] = [];
  let listed = ['FE80:0::1'];
  const connection = await connecting(async request => {
    if (request.method === 'DELETE') {
      bodies.push(await request.json());
      listed = [];
    }
    const isList = request.url.endsWith(list);
    return Response.json({ data: isList && listed.length > 0 ? { count: 1, ip: listed } : {} });
  });
  expect(await connection.perform(action, { ip: 'fe80::1' })).toMatchObject({ kind: 'done' });
  expect(bodies).toEqual([{ ip: ['FE80:0::1'] }]);
});
