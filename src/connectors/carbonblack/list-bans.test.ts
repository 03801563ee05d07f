import { expect, test } from 'vitest';
import { connected, setUp } from '../../../test/kit/carbonblack.ts';

const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';
const OTHER = 'f2c7bb8acc97f92e987a2d4087d021b1';

test('bans are listed, those that were lifted only where they are asked for', async () => {
  const { simulator, end } = await setUp();
  simulator.putBan(MD5, { enabled: true, text: 'dropper' });
  simulator.putBan(OTHER, { enabled: false });
  const banned = {
    md5: MD5,
    enabled: true,
    text: 'dropper',
    by: 'admin',
    since: '2026-11-24T09:00:00.000Z',
    blocked: 0,
  };
  expect(await end('list-bans', {})).toEqual({ kind: 'done', output: { bans: [banned], complete: true } });
  expect(await end('list-bans', { lifted: true })).toMatchObject({
    output: { bans: [banned, { md5: OTHER, enabled: false }] },
  });
});

test('a list that is longer than what is asked for is not taken for the whole', async () => {
  const rows = Array.from({ length: 10_001 }, (_, index) => ({
    md5hash: index.toString(16).padStart(32, '0'),
    enabled: true,
  }));
  const connection = await connected(({ url }) =>
    Response.json(rows.slice(0, Number(new URL(url).searchParams.get('count') ?? 500))),
  );
  const answer = await connection.perform('list-bans', {});
  expect(answer).toMatchObject({ kind: 'done', output: { complete: false } });
});
