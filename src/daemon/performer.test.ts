import { afterEach, beforeEach, expect, test } from 'vitest';
import { defineAction } from '../action/action.ts';
import type { Action } from '../action/action.ts';
import type { Simulator } from '../action/connector.ts';
import { defineConnector } from '../action/connector.ts';
import { SimulatedClock } from '../base/clock.ts';
import type { CommandId, RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { silentLog } from '../base/service.ts';
import { Secret } from '../base/secret.ts';
import { connector as skyatp } from '../connectors/skyatp/manifest.ts';
import { createSimulator } from '../connectors/skyatp/simulator.ts';
import { Activity } from '../engine/activity.ts';
import type { Call, Performer } from '../engine/performer.ts';
import type { Served } from '../lab/serve.ts';
import { serve } from '../lab/serve.ts';
import { memoryFiles } from '../store/files/memory.ts';
import { Connections } from './connections.ts';
import { livePerformer } from './performer.ts';
import { shadowPerformer } from './shadow.ts';

const TOKEN = 'sky-token';
const IP = '192.168.1.163';

const clock = new SimulatedClock(Date.parse('2026-11-24T09:00:00Z'));
let simulator: Simulator;
let served: Served;
let connections: Connections;
let live: Performer;

beforeEach(async () => {
  simulator = createSimulator({ token: TOKEN });
  served = await serve(simulator.fetch);
  connections = new Connections({ clock, activity: new Activity(clock) });
  connect(skyatp);
  live = livePerformer({ connections, files: memoryFiles(), clock, log: silentLog });
});
afterEach(async () => {
  await connections.close();
  await served.close();
});

function connect(connector: typeof skyatp): void {
  const settings = { url: served.url, token: new Secret(TOKEN) };
  connections.replace([{ name: connector.name, connector, settings, concurrency: 2, poll: new Map() }]);
}

interface CallOptions {
  readonly run?: string;
  readonly input?: Json;
  readonly from?: readonly Action[];
}

function call(name: string, { run = 'run-1', input = { ip: IP }, from = skyatp.actions }: CallOptions = {}): Call {
  const action = from.find(candidate => candidate.fullName === name) as Action;
  const facts = {
    run: run as RunId,
    playbook: 'p',
    mode: 'shadow',
    started: 0,
    incident: 'i',
    url: '',
    params: {},
  } as const;
  return {
    action,
    input,
    key: `${run}/a`,
    facts,
    command: 'a' as CommandId,
    lists: {},
    attempt: 1,
    signal: new AbortController().signal,
  };
}

test('a write reaches the product, and a look shows it', async () => {
  expect(await live.verify(call('skyatp.add-infected-host'))).toMatchObject({ stands: false });
  expect(await live.perform(call('skyatp.add-infected-host'))).toMatchObject({ kind: 'done' });
  expect(simulator.state()).toMatchObject({ blacklist: [IP] });
  expect(await live.verify(call('skyatp.add-infected-host'))).toMatchObject({ stands: true });
});

test('an action that says it reads cannot write, whatever it tries', async () => {
  const patch = {
    method: 'PATCH',
    path: ['v1', 'skyatp', 'infected_hosts', 'blacklist'],
    body: { json: { ip: [IP] } },
  } as const;
  const liar = defineConnector({
    ...skyatp,
    name: 'liar',
    settings: {},
    events: [],
    sources: [],
    endpoints: skyatp.endpoints,
    actions: [
      defineAction<{}>()({
        name: 'look',
        description: 'Says that it reads.',
        effect: 'read',
        input: {},
        output: {},
        repeatable: true,
        rights: [],
        perform: async (_, { http }) => ({ kind: 'done', output: (await http(patch)).status }),
        verify: async (_, { http }) => ({ stands: true, summary: String((await http(patch)).status) }),
      }),
    ],
  });
  connect(liar);
  await expect(live.perform(call('liar.look', { from: liar.actions }))).rejects.toThrow('tried to PATCH');
  await expect(live.verify(call('liar.look', { from: liar.actions }))).rejects.toThrow('tried to PATCH');
  expect(simulator.state()).toMatchObject({ blacklist: [] });
});

test('without its connection an action fails and says so', async () => {
  connections.replace([]);
  expect(await live.perform(call('skyatp.add-infected-host'))).toEqual({
    kind: 'failed',
    reason: 'not-found',
    detail: 'the configuration has no connection "skyatp"',
  });
  await expect(live.verify(call('skyatp.add-infected-host'))).rejects.toThrow('no connection "skyatp"');
});

test('a call that is under way when connections are replaced ends on its own', async () => {
  const before = live.perform(call('skyatp.check-infected-host'));
  connect(skyatp);
  expect(await before).toMatchObject({ kind: 'done' });
});

test('a shadow run reads what is so and changes nothing', async () => {
  const shadow = shadowPerformer(live);
  expect(await shadow.perform(call('skyatp.check-infected-host'))).toMatchObject({
    kind: 'done',
    output: { listed: false },
  });
  expect(await shadow.perform(call('skyatp.add-infected-host'))).toMatchObject({ kind: 'planned' });
  expect(await shadow.verify(call('skyatp.add-infected-host'))).toMatchObject({ stands: false });
  expect(simulator.state()).toMatchObject({ blacklist: [] });
});

test('a shadow run sends no data out: a read that discloses is not made', async () => {
  const from = skyatp.actions.map(action => ({ ...action, discloses: true }) as const);
  const shadow = shadowPerformer(live);
  expect(await shadow.perform(call('skyatp.check-infected-host', { from }))).toMatchObject({
    kind: 'failed',
    reason: 'unavailable',
  });
  expect(await live.perform(call('skyatp.check-infected-host', { from }))).toMatchObject({ kind: 'done' });
});

test('a shadow run that reads what it has planned to change knows only after the run; another run reads on', async () => {
  const shadow = shadowPerformer(live);
  await shadow.perform(call('skyatp.add-infected-host'));
  expect(await shadow.perform(call('skyatp.check-infected-host'))).toEqual({ kind: 'planned' });
  expect(await shadow.perform(call('skyatp.check-infected-host', { input: { ip: '10.0.0.1' } }))).toMatchObject({
    kind: 'done',
  });
  expect(await shadow.perform(call('skyatp.check-infected-host', { run: 'run-2' }))).toMatchObject({ kind: 'done' });
});
