import { describe, expect, test } from 'vitest';
import { setUp } from '../../../test/kit/carbonblack.ts';

const MD5 = 'a94f5374fce5edbc8e2a8697c15331a9';
const ROW = `/api/v1/banning/blacklist/${MD5}`;

describe('ban-hash', () => {
  test('a ban is recorded, read back, and told to be enforced everywhere', async () => {
    const { simulator, connection, changes } = await setUp();
    expect(await connection.verify('ban-hash', { md5: MD5 })).toEqual({
      stands: false,
      summary: 'absent',
      notes: [],
      state: { enabled: false, server_enforces: true, not_enforced_in: [] },
    });
    expect(await connection.perform('ban-hash', { md5: MD5.toUpperCase(), text: 'incident 7' })).toEqual({
      kind: 'done',
      output: { md5: MD5, banned: true, server_enforces: true, not_enforced_in: [] },
    });
    expect(changes).toEqual([
      {
        to: 'POST /api/v1/banning/blacklist',
        body: {
          md5hash: MD5,
          text: 'incident 7',
          last_ban_time: '0',
          ban_count: '0',
          last_ban_host: '0',
          enabled: true,
        },
      },
    ]);
    expect(simulator.state()).toMatchObject({ bans: { [MD5]: 'incident 7' } });
    expect(await connection.verify('ban-hash', { md5: MD5 })).toMatchObject({ stands: true, summary: 'enabled' });
  });

  test('without a text the run is named', async () => {
    const { simulator, connection } = await setUp();
    await connection.perform('ban-hash', { md5: MD5 });
    expect(simulator.state()).toMatchObject({ bans: { [MD5]: 'Backline run-1/step' } });
  });

  test('groups that do not enforce bans are named, and a server that does not', async () => {
    const { simulator, connection } = await setUp({ banning: false });
    simulator.addGroup({ id: 2, name: 'Servers', banning: false });
    const before = await connection.verify('ban-hash', { md5: MD5 });
    expect(before.notes).toEqual([
      'recorded, NOT enforced anywhere: bans are switched off on the server',
      'recorded, NOT enforced in group "Servers" (banning_enabled = false)',
    ]);
    const done = await connection.perform('ban-hash', { md5: MD5 });
    expect(done).toEqual({
      kind: 'done',
      output: { md5: MD5, banned: true, server_enforces: false, not_enforced_in: ['Servers'] },
    });
    expect(connection.action('ban-hash').plan?.({ md5: MD5 }, before)).toEqual({
      change: 'ban list: absent -> enabled',
      notes: before.notes,
      output: done.kind === 'done' ? done.output : undefined,
    });
  });

  test('a ban whose enforcement cannot be read is a ban, and that is said', async () => {
    const { simulator, connection } = await setUp();
    simulator.fault({ fault: { kind: 'status', status: 404 }, path: '/api/group' });
    simulator.fault({ fault: { kind: 'status', status: 503 }, path: '/api/info' });
    expect(await connection.perform('ban-hash', { md5: MD5 })).toEqual({
      kind: 'done',
      output: { md5: MD5, banned: true },
    });
    expect((await connection.verify('ban-hash', { md5: MD5 })).notes).toEqual([
      'not looked at: whether the server enforces bans (server info: status 503: "status 503")',
      'not looked at: which sensor groups enforce bans (sensor groups: status 404: "status 404")',
    ]);
  });

  test('groups that do not say whether they enforce bans are not taken to do so', async () => {
    const { simulator, connection } = await setUp();
    simulator.fault({ fault: { kind: 'status', status: 200, body: '[{"id":1,"name":"A"}]' }, path: '/api/group' });
    expect((await connection.verify('ban-hash', { md5: MD5 })).notes).toEqual([
      'not looked at: which sensor groups enforce bans (the answer does not say)',
    ]);
  });

  test('what is banned already is not banned again', async () => {
    const { simulator, connection, changes } = await setUp();
    simulator.putBan(MD5, { enabled: true, text: 'by hand' });
    expect(await connection.perform('ban-hash', { md5: MD5 })).toMatchObject({ kind: 'done', already: true });
    expect(changes).toEqual([]);
    expect(simulator.state()).toMatchObject({ bans: { [MD5]: 'by hand' } });
  });

  test('a 409 means already, after a second look', async () => {
    const { simulator, connection } = await setUp();
    simulator.putBan(MD5, { enabled: true });
    // The first look is from before somebody else banned it.
    simulator.fault({ fault: { kind: 'status', status: 404 }, method: 'GET', path: ROW, times: 1 });
    expect(await connection.perform('ban-hash', { md5: MD5 })).toMatchObject({ kind: 'done', already: true });
  });

  test('a 409 on a hash that is not banned then is a refusal', async () => {
    const { simulator, connection } = await setUp();
    simulator.fault({ fault: { kind: 'status', status: 409, body: 'no' }, method: 'POST' });
    expect(await connection.perform('ban-hash', { md5: MD5 })).toEqual({
      kind: 'failed',
      reason: 'rejected',
      detail: 'ban: status 409: "no"',
    });
  });

  test('a version that answers 409 for a hash that was never banned is asked for the list', async () => {
    const { connection, end } = await setUp({ neverBanned: 409 });
    expect(await connection.verify('ban-hash', { md5: MD5 })).toMatchObject({ stands: false, summary: 'absent' });
    expect(await end('ban-hash', { md5: MD5 })).toMatchObject({ kind: 'done' });
  });

  test('a ban that was lifted is enabled again, and gets its text back when it is undone', async () => {
    const { simulator, connection, end } = await setUp();
    simulator.putBan(MD5, { enabled: false, text: 'harmless, see ticket 12' });
    const before = await connection.verify('ban-hash', { md5: MD5 });
    expect(before).toMatchObject({ stands: false, summary: 'disabled' });
    expect(await end('ban-hash', { md5: MD5 })).toMatchObject({ kind: 'done' });
    const undo = connection.action('ban-hash').undo?.input({ md5: MD5 }, undefined, before) ?? null;
    expect(undo).toEqual({ md5: MD5, text: 'harmless, see ticket 12' });
    expect(await end('lift-ban', undo)).toMatchObject({ kind: 'done' });
    expect(await connection.verify('ban-hash', { md5: MD5 })).toMatchObject({
      summary: 'disabled',
      state: { text: 'harmless, see ticket 12' },
    });
  });

  test.each([
    ['Microsoft Corporation', true],
    ['Carbon Black, Inc.', true],
    ['Google Inc', false],
  ])('a file signed by %s is refused: %j', async (publisher, isRefused) => {
    const { simulator, connection, changes } = await setUp();
    simulator.addBinary({ md5: MD5, digsig_result: 'Signed', digsig_publisher: publisher });
    const { notes } = await connection.verify('ban-hash', { md5: MD5 });
    expect(notes).toEqual(isRefused ? [`signed by ${publisher}: needs force`] : []);
    expect(await connection.perform('ban-hash', { md5: MD5 })).toMatchObject(
      isRefused ? { kind: 'failed', reason: 'rejected' } : { kind: 'done' },
    );
    expect(changes).toHaveLength(isRefused ? 0 : 1);
    expect(await connection.perform('ban-hash', { md5: MD5, force: true })).toMatchObject({ kind: 'done' });
  });

  test('where the signature cannot be read nothing is banned', async () => {
    const { simulator, connection, changes } = await setUp();
    simulator.fault({ fault: { kind: 'status', status: 403 }, path: '/binary/' });
    expect(await connection.perform('ban-hash', { md5: MD5 })).toMatchObject({ kind: 'failed', reason: 'auth' });
    expect(changes).toEqual([]);
  });

  test('a 2xx with another result than success has failed, and so has a success after which nothing is banned', async () => {
    const { simulator, connection } = await setUp();
    const say = (body: string): void =>
      simulator.fault({ fault: { kind: 'status', status: 200, body }, method: 'POST', times: 1 });
    say('{"result":"failure"}');
    expect(await connection.perform('ban-hash', { md5: MD5 })).toMatchObject({ kind: 'failed', reason: 'rejected' });
    say('{"result":"success"}');
    expect(await connection.perform('ban-hash', { md5: MD5 })).toMatchObject({ kind: 'failed', reason: 'rejected' });
  });

  test.each([
    ['another hash', { md5hash: 'f'.repeat(32), enabled: true }],
    ['no hash in particular', { enabled: true }],
    ['nothing', { md5hash: MD5 }],
  ])('a row about %s is malformed', async (_, row) => {
    const { simulator, connection } = await setUp();
    simulator.fault({ fault: { kind: 'status', status: 200, body: JSON.stringify(row) }, path: ROW });
    await expect(connection.verify('ban-hash', { md5: MD5 })).rejects.toMatchObject({ reason: 'malformed-answer' });
  });
});

describe('lift-ban', () => {
  test('a ban is disabled, and restored with its text, whoever signed the file', async () => {
    const { simulator, connection, end } = await setUp();
    simulator.addBinary({ md5: MD5, digsig_result: 'Signed', digsig_publisher: 'Microsoft Corporation' });
    simulator.putBan(MD5, { enabled: true, text: 'incident 7' });
    const before = await connection.verify('lift-ban', { md5: MD5 });
    expect(before).toMatchObject({ stands: false, summary: 'enabled' });
    expect(connection.action('lift-ban').plan?.({ md5: MD5 }, before)).toMatchObject({
      change: 'ban list: enabled -> disabled',
    });
    expect(await end('lift-ban', { md5: MD5 })).toEqual({
      kind: 'done',
      output: { md5: MD5, banned: false, lifted: 'incident 7' },
    });
    expect(simulator.state()).toMatchObject({ bans: {} });
    const undo = connection.action('lift-ban').undo?.input({ md5: MD5 }, undefined, before) ?? null;
    expect(undo).toEqual({ md5: MD5, text: 'incident 7', force: true });
    expect(await end('ban-hash', undo)).toMatchObject({ kind: 'done' });
    expect(simulator.state()).toMatchObject({ bans: { [MD5]: 'incident 7' } });
  });

  test.each(['absent', 'disabled'])('a ban that is %s is lifted already', async state => {
    const { simulator, connection, changes } = await setUp();
    if (state === 'disabled') simulator.putBan(MD5, { enabled: false });
    expect(await connection.verify('lift-ban', { md5: MD5 })).toMatchObject({ stands: true, summary: state });
    expect(await connection.perform('lift-ban', { md5: MD5 })).toMatchObject({ kind: 'done', already: true });
    expect(changes).toEqual([]);
  });

  test('a row that is gone meanwhile is what we wanted', async () => {
    const { simulator, connection } = await setUp();
    const body = JSON.stringify({ md5hash: MD5, enabled: true, text: '' });
    simulator.fault({ fault: { kind: 'status', status: 200, body }, method: 'GET', path: ROW, times: 1 });
    expect(await connection.perform('lift-ban', { md5: MD5 })).toMatchObject({ kind: 'done' });
  });

  test('a success after which the hash is still banned has failed', async () => {
    const { simulator, connection } = await setUp();
    simulator.putBan(MD5, { enabled: true });
    simulator.fault({ fault: { kind: 'status', status: 200, body: '{"result":"success"}' }, method: 'DELETE' });
    expect(await connection.perform('lift-ban', { md5: MD5 })).toMatchObject({ kind: 'failed', reason: 'rejected' });
  });

  test('a text that cannot be put back leaves the lifting unconfirmed, not failed', async () => {
    const { simulator, connection } = await setUp();
    simulator.putBan(MD5, { enabled: true });
    simulator.fault({ fault: { kind: 'status', status: 400, body: 'no' }, method: 'PUT' });
    expect(await connection.perform('lift-ban', { md5: MD5, text: 'as before' })).toEqual({
      kind: 'unconfirmed',
      detail: 'text of the ban: status 400: "no"',
    });
    expect(simulator.state()).toMatchObject({ bans: {} });
  });
});
