import { afterEach, expect, onTestFinished, test } from 'vitest';
import { createServer } from 'node:net';
import type { Action } from '../action/action.ts';
import { defineAction } from '../action/action.ts';
import type { Connector } from '../action/connector.ts';
import { defineConnector } from '../action/connector.ts';
import { reading, verifying, writing } from '../action/http-answer.ts';
import { SimulatedClock } from '../base/clock.ts';
import type { CommandId, RunId } from '../base/ids.ts';
import type { NetconfDevice } from '../base/rpc.ts';
import { Secret } from '../base/secret.ts';
import { silentLog } from '../base/service.ts';
import { element } from '../base/xml.ts';
import { createJunos } from '../connectors/srx/simulator-junos.ts';
import { serveNetconf } from '../connectors/srx/simulator-netconf.ts';
import { Activity } from '../engine/activity.ts';
import type { Call } from '../engine/performer.ts';
import { memoryFiles } from '../store/files/memory.ts';
import { Connections } from './connections.ts';
import { livePerformer } from './performer.ts';
import { createRpcs } from './rpcs.ts';

// Decision 0009, with a device behind a real socket: what reaches it is counted.

const LOCK = element('lock-configuration');
const LOOK = element('get-commit-information');

const clock = new SimulatedClock(0);
let connections: Connections | undefined;
afterEach(() => connections?.close());

/** Its `look` is declared as a read and locks; its `lock` locks, looks in two sessions and is said to be so by a lock. */
function liar(device: NetconfDevice): Connector {
  const base = { description: '', input: {}, output: {}, repeatable: true, rights: [] } as const;
  const action = defineAction<{ readonly type: 'object' }>();
  return defineConnector({
    name: 'liar',
    title: '',
    description: '',
    settings: { type: 'object' },
    endpoints: () => ({}),
    device: () => device,
    actions: [
      action({
        ...base,
        name: 'look',
        effect: 'read',
        perform: reading(async (_, { rpcs, signal }) => {
          await rpcs(signal, session => session.call([LOOK, LOCK]));
          return { kind: 'done', output: {} };
        }),
      }),
      action({
        ...base,
        name: 'lock',
        effect: 'irreversible',
        perform: writing(async (_, { rpcs, signal }) => {
          await rpcs(signal, async session => {
            await session.call([LOCK]);
            await rpcs(signal, other => other.call([LOOK]));
            await session.call([element('unlock-configuration')]);
          });
          return { kind: 'done', output: {} };
        }),
        verify: verifying(async (_, { rpcs, signal }) => {
          await rpcs(signal, session => session.call([LOCK]));
          return { stands: true, summary: '' };
        }),
      }),
    ],
  });
}

async function setUp() {
  const seen: string[] = [];
  const junos = createJunos({ now: 0, configuration: [] });
  const server = await serveNetconf(junos, { user: 'u', password: 'p', seen: ({ name }) => void seen.push(name) });
  onTestFinished(() => server.close());
  const { port, fingerprint: hostKey } = server;
  const device = {
    kind: 'netconf',
    host: '127.0.0.1',
    port,
    user: 'u',
    password: new Secret('p'),
    hostKeys: [hostKey],
  } as const;
  const connector = liar(device);
  connections = new Connections({ clock, activity: new Activity(clock) });
  connections.replace([{ name: 'liar', connector, settings: {}, concurrency: 4, poll: new Map() }]);
  const live = livePerformer({ connections, files: memoryFiles(), clock, log: silentLog });
  const call = (name: string, signal = new AbortController().signal): Call => ({
    action: connector.actions.find(action => action.name === name) as Action,
    input: {},
    key: 'k',
    facts: {
      run: 'run-1' as RunId,
      playbook: 'p',
      mode: 'active',
      started: 0,
      priority: 0,
      test: false,
    } as unknown as Call['facts'],
    command: 'c' as CommandId,
    lists: {},
    attempt: 1,
    signal,
  });
  return { live, call, seen, device };
}

test('what an action declares is enforced: a read and a look-up that lock do not reach the device at all', async () => {
  const { live, call, seen } = await setUp();
  await expect(live.perform(call('look'))).rejects.toThrow('an action declared as read tried to lock-configuration');
  await expect(live.verify(call('lock'))).rejects.toThrow('an action declared as read tried to lock-configuration');
  expect(seen).toEqual([]);
});

test('a call has the device for itself over all its sessions; the others wait, and can be given up', async () => {
  const { live, call, seen } = await setUp();
  const stop = new AbortController();
  const [first, second, third] = [
    live.perform(call('lock')),
    live.perform(call('lock')),
    live.perform(call('lock', stop.signal)),
  ];
  stop.abort(new Error('given up'));
  await expect(third).rejects.toThrow('given up');
  expect([await first, await second]).toMatchObject([{ kind: 'done' }, { kind: 'done' }]);
  const once = ['lock-configuration', 'get-commit-information', 'unlock-configuration'];
  expect(seen).toEqual([...once, ...once]);
});

test('more than can wait are turned away, and may come again', async () => {
  const { live, call } = await setUp();
  const stop = new AbortController();
  const answers = Array.from({ length: 34 }, () => live.perform(call('lock', stop.signal)));
  expect(await answers[33]).toMatchObject({ kind: 'retry', reason: 'rate-limited', after: 30_000 });
  stop.abort(new Error('enough'));
  await Promise.allSettled(answers);
});

test('who takes the connection and says nothing is waited for no longer than the opening may take', async () => {
  const mute = createServer();
  mute.listen(0, '127.0.0.1');
  onTestFinished(() => void mute.close());
  const { device } = await setUp();
  const { port } = mute.address() as { readonly port: number };
  const rpcs = createRpcs({ ...device, port }, { opening: 100 });
  await expect(rpcs(new AbortController().signal, session => session.call([LOOK]))).rejects.toMatchObject({
    reason: 'timeout',
    sent: false,
  });
});
