import { expect, test } from 'vitest';
import { connecting, recorded, setUp as setUpProduct } from '../../../test/kit/skyatp.ts';
import type { Json } from '../../base/json.ts';
import { normalise } from '../../event/event.ts';
import { PollTrouble } from '../../event/source.ts';
import { connector } from './manifest.ts';

const IP = '10.0.3.171';

/** Polls go on where the last one ended, each a minute after it. */
async function setUp(options: Parameters<typeof setUpProduct>[0] = {}) {
  const product = await setUpProduct(options);
  let cursor: Json | undefined;
  const poll = async () => {
    product.simulator.tick(product.connection.pass(60_000));
    const answer = await product.connection.poll('infected-hosts', cursor);
    cursor = JSON.parse(JSON.stringify(answer.cursor)) as Json;
    return answer.drafts;
  };
  return { ...product, poll, cursor: () => cursor };
}

test('a host that the cloud judges to be infected is told once, with its level', async () => {
  const { simulator, poll } = await setUp();
  await poll();
  simulator.cloudVerdict(IP, 7);
  const drafts = await poll();
  expect(drafts).toEqual([
    {
      id: `${IP} 2026-11-24T09:01:00.000Z#1`,
      type: 'skyatp.infected-host',
      time: '2026-11-24T09:02:00.000Z',
      severity: 70,
      disposition: 'detected',
      host: { ip: [IP] },
      observer: { vendor: 'Juniper', product: 'ATP Cloud' },
      infection: { level: 7 },
      raw: { ip: { [IP]: 7 } },
    },
  ]);
  const types = new Map(connector.events.map(type => [type.name, type]));
  expect(normalise(drafts[0] ?? null, 'skyatp', types)).toMatchObject({ event: { host: { key: IP } } });
  expect(await poll()).toEqual([]);
});

test('what is infected at the first poll is passed over, or told where the settings say so', async () => {
  const passing = await setUp();
  passing.simulator.cloudVerdict(IP, 7);
  expect(await passing.poll()).toEqual([]);
  expect(await passing.poll()).toEqual([]);
  const telling = await setUp({ settings: { at_start: 'tell' } });
  telling.simulator.cloudVerdict(IP, 7);
  expect(await telling.poll()).toMatchObject([{ host: { ip: [IP] } }]);
  expect(await telling.poll()).toEqual([]);
});

test('a host that gets worse is told again, one that gets better is not', async () => {
  const { simulator, poll } = await setUp();
  await poll();
  simulator.cloudVerdict(IP, 5);
  const [first] = await poll();
  simulator.cloudVerdict(IP, 4);
  expect(await poll()).toEqual([]);
  simulator.cloudVerdict(IP, 9);
  const [worse] = await poll();
  expect(worse).toMatchObject({ severity: 90, infection: { level: 9, previous: 4 } });
  expect(worse?.id).not.toBe(first?.id);
});

test('a host that is infected no more is told, and so is one that is infected anew', async () => {
  const { simulator, poll } = await setUp();
  await poll();
  simulator.cloudVerdict(IP, 5);
  const [first] = await poll();
  simulator.cloudVerdict(IP, 0);
  const [gone] = await poll();
  expect(gone).toMatchObject({ type: 'skyatp.cleared-host', host: { ip: [IP] }, infection: { previous: 5 } });
  expect(await poll()).toEqual([]);
  simulator.cloudVerdict(IP, 5);
  const [again] = await poll();
  expect(again).toMatchObject({ type: 'skyatp.infected-host', infection: { level: 5 } });
  expect(new Set([first?.id, gone?.id, again?.id]).size).toBe(3);
});

test.each(['strings', 'objects'] as const)('what we list ourselves is no news, in lists of %s', async shape => {
  const { connection, poll } = await setUp({ shape });
  await poll();
  await connection.perform('add-infected-host', { ip: IP });
  expect(await poll()).toEqual([]);
  await connection.perform('remove-infected-host', { ip: IP });
  expect(await poll()).toEqual([]);
  expect(await poll()).toEqual([]);
});

test('a host that leaves our list and stays in the feed is told at the second poll: by the verdict of the cloud', async () => {
  const { simulator, connection, poll } = await setUp();
  await poll();
  await connection.perform('add-infected-host', { ip: IP });
  simulator.cloudVerdict(IP, 8);
  expect(await poll()).toEqual([]);
  await connection.perform('remove-infected-host', { ip: IP });
  expect(await poll()).toEqual([]);
  expect(await poll()).toMatchObject([{ type: 'skyatp.infected-host', infection: { level: 8 } }]);
});

test('a told host that we list is not told a second time when it leaves our list', async () => {
  const { simulator, connection, poll } = await setUp();
  await poll();
  simulator.cloudVerdict(IP, 8);
  expect(await poll()).toHaveLength(1);
  await connection.perform('add-infected-host', { ip: IP });
  expect(await poll()).toEqual([]);
  await connection.perform('remove-infected-host', { ip: IP });
  expect(await poll()).toEqual([]);
});

test('more news than one poll tells comes with the next, and none is lost', async () => {
  const { simulator, poll } = await setUp();
  await poll();
  const ips = Array.from({ length: 1_200 }, (_, index) => `10.1.${Math.floor(index / 250)}.${index % 250}`);
  for (const ip of ips) simulator.cloudVerdict(ip, 6);
  const first = await poll();
  const second = await poll();
  expect([first.length, second.length]).toEqual([1_000, 200]);
  expect(new Set([...first, ...second].map(({ host }) => JSON.stringify(host))).size).toBe(1_200);
  for (const ip of ips) simulator.cloudVerdict(ip, 0);
  expect([(await poll()).length, (await poll()).length, (await poll()).length]).toEqual([1_000, 200, 0]);
});

test('a feed that holds less than it counts clears no host', async () => {
  const { connection, cursor, simulator, poll } = await setUp();
  simulator.cloudVerdict(IP, 8);
  await poll();
  const partial = await connecting(() => Response.json({ data: { count: 2, ip: [] } }));
  await expect(partial.poll('infected-hosts', cursor())).rejects.toThrow(PollTrouble);
  await expect(partial.poll('infected-hosts', cursor())).rejects.toThrow('says it has 2 entries and holds 0');
  expect((await connection.poll('infected-hosts', cursor())).drafts).toEqual([]);
});

test('reads the recorded feed, and the recorded empty one', async () => {
  const answers = [recorded('atpcloud_list_get/04_get.json'), recorded('atpcloud_infected_hosts/01_feed.json')];
  let at = 0;
  const connection = await connecting(request =>
    Response.json(request.url.includes('/v2/') ? answers[at] : recorded('atpcloud_list_get/04_get.json')),
  );
  const first = await connection.poll('infected-hosts', undefined);
  at = 1;
  expect((await connection.poll('infected-hosts', first.cursor)).drafts).toMatchObject([
    { host: { ip: ['10.0.3.171'] }, infection: { level: 10 } },
  ]);
});

test.each([[{}], [{ started: 1, polls: 0, hosts: {} }], [null], ['x']])('a stored %j is no cursor', async stored => {
  const { connection } = await setUp();
  await expect(connection.poll('infected-hosts', stored)).rejects.toThrow(
    'the stored cursor is not one of this source',
  );
});
