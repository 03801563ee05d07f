import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import type { Log } from '../base/service.ts';
import { silentLog } from '../base/service.ts';
import { connector as notify } from '../connectors/notify/manifest.ts';
import { Activity } from '../engine/activity.ts';
import type { Served } from '../lab/serve.ts';
import { serve } from '../lab/serve.ts';
import { Connections } from './connections.ts';
import { createIds } from './ids.ts';
import { informer } from './inform.ts';

let chat: Served;
let received: unknown[];
let logged: { readonly facts: object; readonly sentence: string }[];
let status: number;
const clock = new SimulatedClock(0);
const activity = new Activity(clock);
const connections = new Connections({ clock, activity });

beforeEach(async () => {
  received = [];
  logged = [];
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

async function inform(isConnected: boolean): Promise<void> {
  const settings = { channels: { chat: { webhook: `${chat.url}/hook` } }, default: 'chat' };
  connections.replace(
    isConnected ? [{ name: 'notify', connector: notify, settings, concurrency: 1, poll: new Map() }] : [],
  );
  const keep = (facts: object, sentence: string): void => void logged.push({ facts, sentence });
  const log: Log = { ...silentLog, warn: keep, error: keep };
  const send = notify.actions.find(({ name }) => name === 'send');
  informer({ connections, send, activity, clock, ids: createIds(clock), log })(
    'soc@example.org',
    'Not taken back',
    'It stays.',
  );
  await activity.idle();
}

test('the owner is told through the notify connection', async () => {
  await inform(true);
  expect(received).toMatchObject([{ to: ['soc@example.org'], subject: 'Not taken back', body: 'It stays.' }]);
  expect(logged).toEqual([]);
});

test('without that connection it is in the log', async () => {
  await inform(false);
  expect(logged).toMatchObject([{ facts: { owner: 'soc@example.org', subject: 'Not taken back', body: 'It stays.' } }]);
});

test('what could not be told is in the log, with the reason', async () => {
  status = 500;
  await inform(true);
  expect(logged).toMatchObject([
    { facts: { subject: 'Not taken back', answer: { reason: 'unavailable' } }, sentence: 'somebody could not be told' },
  ]);
});
