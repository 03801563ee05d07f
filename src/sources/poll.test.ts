import { afterEach, beforeEach, expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { SimulatedClock } from '../base/clock.ts';
import { HttpTrouble } from '../base/http.ts';
import type { RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { silentLog } from '../base/service.ts';
import { connectors } from '../connectors/connectors.ts';
import { Engine } from '../engine/engine.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import { StoreTrouble } from '../engine/ports.ts';
import type { Draft } from '../event/event.ts';
import type { PollAnswer, PollSource } from '../event/source.ts';
import { PollTrouble } from '../event/source.ts';
import { createMemoryStore } from '../store/memory/memory.ts';
import { Poll } from './poll.ts';

const MINUTE = 60_000;
const clock = new SimulatedClock(Date.parse('2026-11-24T09:00:00Z'));
const http = () => Promise.reject(new Error('nothing is called'));
let engine: Engine;
let polls: Poll[];

beforeEach(() => {
  const store = createMemoryStore({ clock });
  const never = () => Promise.reject(new Error('nothing is performed'));
  const performer = { perform: never, resume: never, verify: never };
  engine = new Engine({
    world: { store, clock, ids: { run: () => 'r' as RunId, token: () => 't' }, log: silentLog },
    catalogue: catalogueOf(connectors),
    performers: { active: performer, shadow: performer },
    people: { mayAnswer: () => false },
    guardrails: NO_GUARDRAILS,
    limits: { runs: 1, runsPerPlaybook: 1 },
    url: run => run,
    inform: async () => undefined,
  });
  polls = [];
});
afterEach(async () => {
  for (const poll of polls) await poll.stop();
});

/** A source that answers what it is told to, in turn; at the end the last answer for ever. */
function source(
  ...answers: (() => PollAnswer | Promise<PollAnswer>)[]
): PollSource & { readonly cursors: (Json | undefined)[]; readonly at: number[] } {
  const cursors: (Json | undefined)[] = [];
  const at: number[] = [];
  return {
    name: 'alerts',
    description: '',
    cursors,
    at,
    async poll(_, cursor) {
      cursors.push(cursor);
      at.push(clock.now());
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer === undefined ? { drafts: [], cursor: 0 } : answer();
    },
  };
}

async function started(asked: PollSource): Promise<Poll> {
  const use: ConstructorParameters<typeof Poll>[0]['use'] = (_, call) => call(http);
  const poll = new Poll({
    origin: 'edr-1',
    source: asked,
    settings: () => ({}),
    every: MINUTE,
    use,
    engine,
    clock,
    log: silentLog,
  });
  polls.push(poll);
  await poll.start();
  await engine.idle();
  return poll;
}

async function pass(minutes: number): Promise<void> {
  const until = clock.now() + minutes * MINUTE;
  while (clock.fireNext(until)) await engine.idle();
  clock.moveTo(until);
}

const draft = (id: string): Draft => ({
  id,
  type: 'carbonblack.alert',
  time: '2026-11-24T09:00:00Z',
  severity: 5,
  alert: { id, status: 'Resolved' },
});
const fail = (error: Error) => async (): Promise<never> => {
  throw error;
};

test('the first poll is at the start, without a cursor; each goes on from the one before', async () => {
  const asked = source(
    () => ({ drafts: [draft('a')], cursor: 1 }),
    () => ({ drafts: [draft('a'), draft('b')], cursor: 2 }),
  );
  const poll = await started(asked);
  await pass(2);
  expect(asked.cursors).toEqual([undefined, 1, 2]);
  expect(await engine.store.query.counts()).toMatchObject({ events: 2 });
  expect(poll.health).toMatchObject({ failures: 0, succeeded: clock.now() });
});

test('a poll that failed is repeated with the same cursor, ever more slowly, and its health says why', async () => {
  const trouble = new HttpTrouble('unreachable', 'no connection', false);
  const asked = source(
    () => ({ drafts: [], cursor: 1 }),
    fail(trouble),
    fail(trouble),
    fail(new PollTrouble('status 401')),
    () => ({ drafts: [], cursor: 2 }),
  );
  const began = clock.now();
  const poll = await started(asked);
  await pass(4);
  expect(poll.health).toMatchObject({ failures: 2, trouble: 'no connection', succeeded: began });
  await pass(4);
  expect(poll.health).toMatchObject({ failures: 3, trouble: 'status 401' });
  await pass(8);
  expect(asked.at.map(at => (at - began) / MINUTE)).toEqual([0, 1, 3, 7, 15, 16]);
  expect(asked.cursors).toEqual([undefined, 1, 1, 1, 1, 2]);
  expect(poll.health).not.toHaveProperty('trouble');
});

test('while the store takes nothing the cursor stays, and nothing is lost (E1)', async () => {
  const asked = source(() => ({ drafts: [draft('a')], cursor: 1 }));
  const { accept } = engine;
  engine.accept = fail(new StoreTrouble('the disk is full'));
  const poll = await started(asked);
  expect(poll.health).toMatchObject({ failures: 1, trouble: 'the disk is full' });
  engine.accept = accept;
  await pass(2);
  expect(asked.cursors).toEqual([undefined, undefined]);
  expect(await engine.store.query.counts()).toMatchObject({ events: 1 });
});

test('what the product said that is no event is a dead letter', async () => {
  await started(source(() => ({ drafts: [], rejected: [{ raw: { odd: 1 }, reason: 'no unique_id' }], cursor: 1 })));
  expect(await engine.store.query.rejected(1)).toMatchObject([
    { origin: 'edr-1', reason: 'no unique_id', raw: '{"odd":1}' },
  ]);
});

test('a bug in a source neither ends it nor anything else', async () => {
  const asked = source(fail(new TypeError('x is undefined')), () => ({ drafts: [draft('a')], cursor: 1 }));
  await started(asked);
  await pass(2);
  expect(await engine.store.query.counts()).toMatchObject({ events: 1 });
});

test('a slow poll is not overtaken by the next, and a stop breaks it off', async () => {
  const asked: PollSource & { count: number; signal?: AbortSignal } = {
    name: 'alerts',
    description: '',
    count: 0,
    poll({ signal }) {
      asked.count++;
      asked.signal = signal;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
  };
  const use: ConstructorParameters<typeof Poll>[0]['use'] = (_, call) => call(http);
  const poll = new Poll({
    origin: 'edr-1',
    source: asked,
    settings: () => ({}),
    every: MINUTE,
    use,
    engine,
    clock,
    log: silentLog,
  });
  await poll.start();
  clock.moveTo(clock.now() + 10 * MINUTE);
  while (clock.fireNext(clock.now() + 10 * MINUTE));
  await poll.stop();
  await poll.stop();
  expect(asked.count).toBe(1);
  expect(asked.signal?.aborted).toBe(true);
  expect(poll.health.failures).toBe(0);
});
