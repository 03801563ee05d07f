import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import { silentLog } from '../base/service.ts';
import { connector as notify } from '../connectors/notify/manifest.ts';
import { Activity } from '../engine/activity.ts';
import type { Served } from '../lab/serve.ts';
import { serve } from '../lab/serve.ts';
import { Connections } from './connections.ts';
import { informer } from './inform.ts';

let chat: Served;
let received: unknown[];
let status: number;
const clock = new SimulatedClock(0);
const activity = new Activity(clock);
const connections = new Connections({ clock, activity });

beforeEach(async () => {
  received = [];
  status = 200;
  chat = await serve(async request => {
    received.push(await request.json());
    return new Response('', { status });
  });
});
afterEach(async () => {
  connections.replace([]);
  await chat.close();
});

async function inform(isConnected: boolean): Promise<string | undefined> {
  const settings = { channels: { chat: { webhook: `${chat.url}/hook` } }, default: 'chat' };
  connections.replace(
    isConnected ? [{ name: 'notify', connector: notify, settings, concurrency: 1, poll: new Map() }] : [],
  );
  const send = notify.actions.find(({ name }) => name === 'send');
  const notice = { to: 'soc@example.org', subject: 'Not taken back', body: 'It stays.' };
  return informer({ connections, send, activity, clock, log: silentLog })(notice, 'r1/tell:7');
}

test('the owner is told through the notify connection', async () => {
  expect(await inform(true)).toBeUndefined();
  expect(received).toMatchObject([{ to: ['soc@example.org'], subject: 'Not taken back', body: 'It stays.' }]);
});

test('without that connection nobody can be told, which is said', async () => {
  expect(await inform(false)).toBe('there is no notify connection');
});

test('what stood in the way is said', async () => {
  status = 500;
  expect(await inform(true)).toContain('500');
});
