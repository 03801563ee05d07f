import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { defineAction } from '../../src/action/action.ts';
import { catalogueOf, defineConnector } from '../../src/action/connector.ts';
import { accepted, reading, writing } from '../../src/action/http-answer.ts';
import type { RunId } from '../../src/base/ids.ts';
import { silentLog } from '../../src/base/service.ts';
import { Connections } from '../../src/daemon/connections.ts';
import { livePerformer } from '../../src/daemon/performer.ts';
import type { Activity } from '../../src/engine/activity.ts';
import type { Performer } from '../../src/engine/performer.ts';
import { serve } from '../../src/lab/serve.ts';
import { memoryFiles } from '../../src/store/files/memory.ts';
import { createDisk } from '../kit/disk.ts';
import { lab } from '../kit/lab.ts';
import { install, playbookText } from '../kit/load.ts';
import { TestWorld } from '../kit/world.ts';

// A product that does not answer is left alone. What waits for it is lost in no way: no event, no run, no attempt.

const settings = { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] } as const;
const nothing = { type: 'object', properties: {} } as const;

/** What was opened cannot be opened twice as one, and nobody can look whether it was: the worst of writes. */
const desk = defineConnector({
  name: 'desk',
  title: '',
  description: 'Tickets.',
  settings,
  endpoints: ({ url }) => ({ default: { url } }),
  actions: [
    defineAction<typeof settings>()({
      name: 'count',
      description: 'How many there are.',
      effect: 'read',
      input: nothing,
      output: nothing,
      repeatable: true,
      rights: [],
      perform: reading(async (_, { http, signal }) => {
        accepted(await http({ method: 'GET', path: ['tickets'], signal }), 'tickets');
        return { kind: 'done', output: {} };
      }),
    }),
    defineAction<typeof settings>()({
      name: 'open',
      description: 'Opens one.',
      effect: 'irreversible',
      routine: true,
      input: { type: 'object', properties: { of: { type: 'string' } }, required: ['of'] } as const,
      output: nothing,
      repeatable: false,
      rights: [],
      perform: writing(async ({ of }, { http, signal }) => {
        accepted(await http({ method: 'POST', path: ['tickets'], body: { json: { of } }, signal }), 'tickets');
        return { kind: 'done', output: {} };
      }),
    }),
  ],
});
const catalogue = catalogueOf([lab, desk]);
const playbook = (name: string, steps: string) =>
  install(playbookText(steps).replace(/^playbook: .*$/m, `playbook: ${name}`), catalogue);
const counting = playbook(
  'counting',
  'respond: [{ id: look, do: desk.count, timeout: 30m, retry: { times: 2, every: 1s } }]',
);
const opening = (timeout: string) =>
  playbook(
    'opening',
    `respond: [{ id: act, do: desk.open, with: { of: "{{event.id}}" }, timeout: ${timeout}, retry: { times: 1 } }]`,
  );

let world: TestWorld;
let connections: Connections;
let isDown: boolean;
let asked: string[];
let tickets: string[];
let url: string;
let lived: Activity | undefined;
let opened: Connections[];

beforeEach(async () => {
  [isDown, asked, tickets, opened, lived] = [true, [], [], [], undefined];
  const served = await serve(async request => {
    asked.push(request.method);
    if (isDown) return new Response('no', { status: 503 });
    if (request.method === 'POST') tickets.push(((await request.json()) as { of: string }).of);
    return Response.json({});
  });
  ({ url } = served);
  onTestFinished(async () => {
    await world.close();
    await Promise.all(opened.map(each => each.close()));
    await served.close();
  });
});

/** The connections are of one engine's life: what waits at them must not count as its work. */
function live(): Performer {
  const { activity } = world.engine;
  if (activity !== lived) {
    lived = activity;
    connections = new Connections({ clock: world.clock, activity });
    connections.replace([{ name: 'desk', connector: desk, settings: { url }, concurrency: 4, poll: new Map() }]);
    opened.push(connections);
  }
  return livePerformer({ connections, files: memoryFiles(), clock: world.clock, log: silentLog });
}

async function open(): Promise<void> {
  const performer: Performer = {
    perform: call => live().perform(call),
    resume: (call, token) => live().resume(call, token),
    held: call => live().held?.(call),
    verify: call => live().verify(call),
  };
  world = new TestWorld({ playbooks: [counting], disk: createDisk('sqlite'), catalogue, performer });
  await world.start();
}

const circuit = () => connections.get('desk')?.ways[0];
/** Reads in vain until the product is left alone. */
async function trip(): Promise<void> {
  for (let count = 0; count < 5; count++) await world.alarms();
  await world.idle();
  expect(circuit()).toMatchObject({ circuit: { kind: 'open', fault: { detail: 'status 503' } } });
}
async function wakeActs(count: number, timeout = '30m'): Promise<RunId[]> {
  await world.setPlaybooks([opening(timeout)]);
  const runs: RunId[] = [];
  for (let number = 0; number < count; number++) runs.push(...(await world.alarms()));
  await world.idle();
  return runs;
}

test('a product that is down costs no event and no run, and is hardly asked meanwhile', async () => {
  await open();
  await trip();
  const runs = await wakeActs(40);
  const before = asked.length;
  await world.pass(600_000);
  // A look at its door every two minutes at most: no storm, and no write is given up to find out.
  expect(asked.slice(before)).toEqual(['HEAD', 'HEAD', 'HEAD', 'HEAD', 'HEAD', 'HEAD', 'HEAD']);
  expect(tickets).toEqual([]);
  isDown = false;
  await world.finish();
  expect(new Set(await Promise.all(runs.map(run => world.outcome(run, 'act'))))).toEqual(new Set(['done']));
  expect(tickets).toHaveLength(40);
  expect(new Set(tickets).size).toBe(40);
  expect(circuit()).toMatchObject({ circuit: { kind: 'closed' }, waiting: 0 });
});

test.each(['crash', 'restart'] as const)('what waits is not in doubt after a %s, for nothing was sent', async how => {
  await open();
  await trip();
  const [run = expect.fail()] = await wakeActs(1);
  expect(await world.journal(run)).toContainEqual(
    expect.objectContaining({ kind: 'held', command: 'act', reason: 'unavailable' }),
  );
  isDown = false;
  await world[how]();
  await world.finish();
  expect(await world.outcome(run, 'act')).toBe('done');
  expect(tickets).toHaveLength(1);
});

test('what has waited for all its time fails with what is wrong, is no attempt, and its owner is told', async () => {
  await open();
  await trip();
  const [run = expect.fail()] = await wakeActs(1, '5s');
  await world.pass(5_000);
  expect((await world.run(run)).head.state.main.memory.outcomes['act']).toMatchObject({
    status: 'failed',
    reason: 'unavailable',
    detail: expect.stringMatching(/^desk is not asked since .*: status 503; nothing was sent$/),
    attempts: 0,
  });
  await world.idle();
  expect(world.informed.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('opening'));
  expect(tickets).toEqual([]);
});

test('a pause stops what waits, though the product answers again (E8)', async () => {
  await open();
  await trip();
  const [run = expect.fail()] = await wakeActs(1);
  await world.engine.pause('ann', 'a drill');
  isDown = false;
  await world.finish();
  expect(await world.outcome(run, 'act')).toBe('refused: pause');
  expect(tickets).toEqual([]);
  // Its place is free: the next one finds out.
  await world.engine.resume('ann');
  const [next = expect.fail()] = await wakeActs(1);
  await world.finish();
  expect(await world.outcome(next, 'act')).toBe('done');
});

test('a cancel ends what waits, and nothing is sent', async () => {
  await open();
  await trip();
  const [run = expect.fail()] = await wakeActs(1);
  await world.engine.cancel(run, 'ann', false);
  isDown = false;
  await world.finish();
  expect(await world.status(run)).toBe('cancelled');
  expect(tickets).toEqual([]);
});
