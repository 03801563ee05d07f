import { expect, test } from 'vitest';
import { recorded, setUp } from '../../../test/kit/carbonblack.ts';
import { parseWatchlist, queryIn, searchOf } from './watchlist.ts';

const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';
const WATCHLIST = { name: 'Beacon', query: 'process_name:"beacon.exe"' };

test('a watchlist is evaluated every 10 minutes, and with alerts its hit is an event', async () => {
  const { simulator, connection, end, changes } = await setUp();
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const { cursor } = await connection.poll('alerts', undefined);
  expect(await end('create-watchlist', WATCHLIST)).toMatchObject({
    kind: 'done',
    output: { id: 1, type: 'processes', query: 'process_name:"beacon.exe"', enabled: true },
  });
  expect(await end('enable-watchlist-alerts', { name: 'Beacon' })).toMatchObject({ kind: 'done' });
  expect(changes).toEqual([
    {
      to: 'POST /api/v1/watchlist',
      body: {
        name: 'Beacon',
        search_query: 'cb.urlver=1&q=process_name%3A%22beacon.exe%22',
        index_type: 'events',
        readonly: false,
      },
    },
    {
      to: 'POST /api/v1/watchlist/1/action',
      body: { action_type: 3, group_id: 1, watchlist_id: 1, action_data: '{"email_recipients":[]}' },
    },
  ]);
  simulator.addProcess({ sensor, path: 'c:\\temp\\beacon.exe', md5: MD5 });
  simulator.addProcess({ sensor, path: 'c:\\temp\\other.exe', md5: MD5 });
  expect((await connection.poll('alerts', cursor)).drafts).toEqual([]);
  simulator.tick(connection.pass(600_000));
  const { drafts } = await connection.poll('alerts', cursor);
  expect(drafts).toMatchObject([
    {
      process: { name: 'beacon.exe' },
      rule: { id: '1', name: 'Beacon' },
      alert: { type: 'watchlist.hit.query.process' },
    },
  ]);
  expect(await end('list-watchlists', { name: 'Beacon' })).toMatchObject({
    output: { watchlists: [{ hits: 1, last_hit: '2026-11-24T09:10:00.000Z' }] },
  });
  expect((await connection.verify('delete-watchlist', WATCHLIST)).notes).toEqual([
    'taking it back makes it again without its alerts and its 1 hits',
  ]);
});

test('a watchlist of the same name and another query is somebody else’s: nothing is made and nothing deleted', async () => {
  const { simulator, connection, end, changes } = await setUp();
  simulator.putWatchlist({ name: 'Beacon', search: searchOf('process_name:beacon.exe -path:c:\\tools\\*') });
  expect(await end('create-watchlist', WATCHLIST)).toMatchObject({ kind: 'failed', reason: 'conflict' });
  expect(await end('delete-watchlist', WATCHLIST)).toMatchObject({ kind: 'failed', reason: 'conflict' });
  expect(await connection.verify('create-watchlist', WATCHLIST)).toMatchObject({
    stands: false,
    notes: [expect.stringContaining('something else')],
  });
  expect(changes).toEqual([]);
});

test('a watchlist that somebody has disabled is not enabled by making it', async () => {
  const { simulator, end, changes } = await setUp();
  simulator.putWatchlist({ name: 'Beacon', search: searchOf(WATCHLIST.query), enabled: false });
  expect(await end('create-watchlist', WATCHLIST)).toMatchObject({ kind: 'failed', reason: 'conflict' });
  expect(changes).toEqual([]);
});

test('a name that several watchlists have is ambiguous, and one that none has is not found', async () => {
  const { simulator, end, changes } = await setUp();
  simulator.putWatchlist({ name: 'Beacon', search: searchOf('a:b') });
  simulator.putWatchlist({ name: 'Beacon', search: searchOf('c:d') });
  for (const action of ['enable-watchlist', 'disable-watchlist', 'enable-watchlist-alerts']) {
    expect(await end(action, { name: 'Beacon' })).toMatchObject({ reason: 'ambiguous' });
    expect(await end(action, { name: 'beacon' })).toMatchObject({ reason: 'not-found' });
  }
  expect(changes).toEqual([]);
});

test('a watchlist that is read-only is disabled, and not deleted', async () => {
  const { simulator, end } = await setUp();
  simulator.putWatchlist({ name: 'Beacon', search: searchOf(WATCHLIST.query), readonly: true });
  expect(await end('delete-watchlist', WATCHLIST)).toMatchObject({ kind: 'failed', reason: 'rejected' });
  expect(await end('disable-watchlist', { name: 'Beacon' })).toMatchObject({ output: { enabled: false } });
});

test('the watchlists that were recorded from 6.2 are read', () => {
  const rows = recorded('cbapi-python_recorded/08_get_watchlist_list.json', 'response')['body'];
  const watchlists = Array.isArray(rows) ? rows.map(row => parseWatchlist(row as never)) : [];
  expect(watchlists[0]).toEqual({
    id: 11,
    name: 'newly loaded dlls',
    type: 'binaries',
    query: 'is_executable_image:false',
    search_query: 'cb.urlver=1&q=is_executable_image%3Afalse',
    enabled: true,
    readonly: false,
    hits: 3_503,
    last_hit: '2018-02-01T22:00:47.863Z',
  });
  // Not the whole of what it searches for.
  expect(watchlists.find(({ id }) => id === 6)).not.toHaveProperty('query');
});

test.each(['a b', 'a+b', 'path:c:\\windows\\*', 'x&q=y', '"ä" OR (b:[1 TO *])'])('the query %s comes back', query => {
  expect(queryIn(searchOf(query))).toBe(query);
});
