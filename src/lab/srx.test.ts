import { afterEach, expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import { createSimulator } from '../connectors/skyatp/simulator.ts';
import { serve } from './serve.ts';
import { createSrx } from './srx.ts';

const TOKEN = 'application-token-1';
const START = Date.parse('2026-11-24T09:00:00Z');

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function setUp() {
  const clock = new SimulatedClock(START);
  const cloud = createSimulator({ token: TOKEN });
  const served = await serve(cloud.fetch);
  const srx = createSrx({ clock, skyatp: { url: served.url, token: TOKEN } });
  await srx.start();
  open.push(
    () => served.close(),
    () => srx.stop(),
  );
  const nextFetch = async (): Promise<void> => {
    clock.fireNext();
    await srx.idle();
  };
  return { clock, cloud, srx, nextFetch };
}

test('a host is dropped with the next fetch, and passes again with the next after it is let back', async () => {
  const { cloud, srx, nextFetch } = await setUp();
  cloud.cloudVerdict('10.0.0.5', 9);
  expect(srx.passes('10.0.0.5')).toBe(true);
  await nextFetch();
  expect(srx.passes('10.0.0.5')).toBe(false);
  cloud.cloudVerdict('10.0.0.5', 0);
  await nextFetch();
  expect(srx.passes('10.0.0.5')).toBe(true);
});

test('it asks once in an interval', async () => {
  const { clock, nextFetch } = await setUp();
  expect(clock.next()).toBe(START + 60_000);
  await nextFetch();
  expect(clock.next()).toBe(START + 120_000);
});

test('a host below the threshold passes', async () => {
  const { cloud, srx, nextFetch } = await setUp();
  cloud.cloudVerdict('10.0.0.5', 7);
  cloud.cloudVerdict('10.0.0.6', 8);
  await nextFetch();
  expect([srx.passes('10.0.0.5'), srx.passes('10.0.0.6')]).toEqual([true, false]);
});

test('when the cloud is not there it goes on with what it has, and asks again', async () => {
  const { cloud, srx, nextFetch } = await setUp();
  cloud.cloudVerdict('10.0.0.5', 10);
  await nextFetch();
  cloud.fault({ fault: { kind: 'cut' }, times: 1 });
  await nextFetch();
  expect(srx.passes('10.0.0.5')).toBe(false);
  expect(srx.state()).toHaveProperty('trouble');
  await nextFetch();
  expect(srx.state()).not.toHaveProperty('trouble');
});

test('its page says what it drops', async () => {
  const { cloud, srx, nextFetch } = await setUp();
  cloud.cloudVerdict('10.0.0.5', 10);
  await nextFetch();
  const answer = await fetch(`${srx.url()}/dropped`);
  expect(await answer.json()).toEqual({
    threshold: 8,
    fetched: '2026-11-24T09:01:00.000Z',
    dropped: { '10.0.0.5': 10 },
  });
  expect((await fetch(`${srx.url()}/`)).status).toBe(404);
});

test('once stopped it asks no more', async () => {
  const { clock, srx } = await setUp();
  await srx.stop();
  expect(clock.next()).toBeUndefined();
  await srx.stop();
});
