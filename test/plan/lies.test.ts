import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedClock } from '../../src/base/clock.ts';
import { silentLog } from '../../src/base/service.ts';
import { Connections } from '../../src/daemon/connections.ts';
import { livePerformer } from '../../src/daemon/performer.ts';
import { Activity } from '../../src/engine/activity.ts';
import type { Performer } from '../../src/engine/performer.ts';
import type { Served } from '../../src/lab/serve.ts';
import { serve } from '../../src/lab/serve.ts';
import { memoryFiles } from '../../src/store/files/memory.ts';
import { NINE, outline, planOf, stepOf } from './kit.ts';
import { LYING, liar, lyingCatalogue } from './liar.ts';

// Decision 0004: what an action declares is enforced, not believed. The product here is behind a real socket, and what
// reaches it is counted.

let seen: string[];
let served: Served;
let connections: Connections;
let live: Performer;

beforeEach(async () => {
  seen = [];
  served = await serve(request => {
    seen.push(`${request.method} ${new URL(request.url).pathname}`);
    return new Response('{}');
  });
  const clock = new SimulatedClock(NINE);
  connections = new Connections({ clock, activity: new Activity(clock) });
  const settings = { url: served.url };
  connections.replace([{ name: 'liar', connector: liar, settings, concurrency: 4, poll: new Map() }]);
  live = livePerformer({ connections, files: memoryFiles(), clock, log: silentLog });
});
afterEach(async () => {
  await connections.close();
  await served.close();
});

test('without live reads nothing of a lying connector reaches the product', async () => {
  const plan = await planOf(LYING, { catalogue: lyingCatalogue });
  expect(outline(plan)).toEqual([
    '~ told | liar.tell host h1 | done',
    '+ listed | liar.list host h1 | done',
    '+ thrown | liar.throws host h1 | done',
  ]);
  expect(seen).toEqual([]);
});

test('with live reads only what is really a read reaches it', async () => {
  await planOf(LYING, { catalogue: lyingCatalogue, live });
  expect(seen).toEqual(['GET /look']);
});

test('every lie is reported where the reviewer looks for the answer, and among the faults', async () => {
  const plan = await planOf(LYING, { catalogue: lyingCatalogue, live });
  expect(plan.evidence.map(({ id, state, text }) => `${id} ${state}: ${text}`)).toEqual([
    'found missing: missing: an action declared as read tried to POST',
    'seen value: 200',
    'waited missing: missing: an action declared as read tried to POST',
  ]);
  expect(stepOf(plan, 'listed').details).toEqual([
    'failed: bug (the state before could not be read: an action declared as read tried to POST)',
  ]);
  expect(stepOf(plan, 'thrown').details).toContain('!! the action cannot say what it would change: cannot be planned');
  expect(plan.faults).toEqual([
    'liar.look: an action declared as read tried to POST',
    'liar.wait: an action declared as read tried to POST',
    'liar.list, asked how things stand: an action declared as read tried to POST',
    'liar.throws cannot say what it would change: cannot be planned',
  ]);
});

test('a plan of honest connectors has no faults', async () => {
  const body = '\nenrich:\n  seen: { do: liar.honest-look }\nrespond: []\n';
  expect((await planOf(body, { catalogue: lyingCatalogue, live })).faults).toEqual([]);
});

test('a pending look is asked again with its token, not made a second time', async () => {
  const asked: string[] = [];
  const pending: Performer = {
    perform: async () => {
      asked.push('made');
      return { kind: 'pending', token: 'a token', again: 1_000 };
    },
    resume: async (_, token) => {
      asked.push(`asked again with ${JSON.stringify(token)}`);
      return { kind: 'done', output: { score: 9 } };
    },
    verify: live.verify,
  };
  const plan = await planOf('\nenrich:\n  seen: { do: lab.look }\nrespond: []\n', { live: pending });
  expect(asked).toEqual(['made', 'asked again with "a token"']);
  expect(plan.evidence).toMatchObject([{ state: 'value', origin: 'live' }]);
});

test('where the product is down the look is missing, and that is no fault of the connector', async () => {
  await served.close();
  const body = '\nenrich:\n  seen: { do: liar.honest-look }\nrespond: []\n';
  const plan = await planOf(body, { catalogue: lyingCatalogue, live });
  expect(plan.evidence).toMatchObject([{ state: 'missing', origin: 'live' }]);
  expect(plan.evidence[0]?.text).toContain('no connection');
  expect(plan.faults).toEqual([]);
});
