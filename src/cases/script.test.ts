import { expect, test } from 'vitest';
import { labCatalogue } from '../../test/kit/lab.ts';
import type { Action } from '../action/action.ts';
import { SimulatedClock } from '../base/clock.ts';
import type { CommandId, RunId } from '../base/ids.ts';
import type { Json } from '../base/json.ts';
import { Activity } from '../engine/activity.ts';
import type { Call } from '../engine/performer.ts';
import { createScript } from './script.ts';

const START = Date.parse('2026-01-01T00:00:00Z');

function call(name: string, input: Json = { host: 'h1' }): Call {
  const action = labCatalogue.actions.get(name) as Action;
  const facts = {
    run: 'r' as RunId,
    playbook: 'p',
    mode: 'active',
    started: START,
    incident: 'i',
    url: '',
    params: {},
  } as const;
  return {
    action,
    input,
    key: 'r/a',
    facts,
    command: 'a' as CommandId,
    lists: {},
    attempt: 1,
    signal: new AbortController().signal,
  };
}

const performOwn = () => Promise.reject(new Error('no action here is Backline’s own'));

function scriptOf(answers: { readonly [action: string]: Json }, before: readonly string[] = []) {
  const clock = new SimulatedClock(START);
  const put = before.map(host => ({ action: labCatalogue.actions.get('lab.list') as Action, input: { host } }));
  return { clock, script: createScript(answers, put, { activity: new Activity(clock), clock, performOwn }) };
}

test('answers come in sequence, the last one again and again', async () => {
  const { script } = scriptOf({ 'lab.look': [{ score: 1 }, { score: 2 }] });
  const scores = [];
  for (let i = 0; i < 3; i++) scores.push(await script.perform(call('lab.look', {})));
  expect(scores).toMatchObject([{ output: { score: 1 } }, { output: { score: 2 } }, { output: { score: 2 } }]);
});

test('an answer for an input is given only to it, and in its own sequence', async () => {
  const { script } = scriptOf({
    'lab.list': [
      { with: { host: 'h1' }, fault: 401 },
      { with: { host: 'h2' }, fault: 429 },
      { with: { host: 'h2' }, done: {} },
      { failed: 'conflict' },
    ],
  });
  const said: unknown[] = [];
  for (const host of ['h3', 'h2', 'h1', 'h2', 'h1', 'h3']) said.push(await script.perform(call('lab.list', { host })));
  expect(said).toMatchObject([
    { reason: 'conflict' },
    { reason: 'rate-limited' },
    { reason: 'auth' },
    { kind: 'done' },
    { reason: 'auth' },
    { reason: 'conflict' },
  ]);
});

test('where every answer is for an input, another input is as if nobody had scripted it', async () => {
  const { script } = scriptOf({ 'lab.list': { with: { host: 'h1' }, failed: 'auth' } });
  expect(await script.perform(call('lab.list', { host: 'h2' }))).toMatchObject({ kind: 'done' });
});

test('a write that nobody scripted succeeds, a read that nobody scripted is missing and noted', async () => {
  const { script } = scriptOf({});
  expect(await script.perform(call('lab.list'))).toMatchObject({ kind: 'done' });
  expect(await script.perform(call('lab.look', {}))).toMatchObject({ kind: 'failed', reason: 'unavailable' });
  expect([...script.unanswered]).toEqual(['lab.look']);
});

test.each<[said: Json, answer: object, tookEffect: boolean]>([
  [{ fault: 'unreachable' }, { kind: 'retry', reason: 'unreachable' }, false],
  [{ fault: 401 }, { kind: 'failed', reason: 'auth' }, false],
  [{ fault: 403 }, { kind: 'failed', reason: 'auth' }, false],
  [{ fault: 429, after: '5s' }, { kind: 'retry', reason: 'rate-limited', after: 5_000 }, false],
  [{ fault: 500 }, { kind: 'retry', reason: 'unavailable', inDoubt: true }, false],
  [{ fault: 409 }, { kind: 'failed', reason: 'rejected' }, false],
  [{ failed: 'conflict' }, { kind: 'failed', reason: 'conflict' }, false],
  [{ unconfirmed: {} }, { kind: 'unconfirmed' }, true],
  [{ pending: '30s' }, { kind: 'pending', again: 30_000 }, true],
  [{ done: {}, already: true }, { kind: 'done', already: true }, true],
  [{ since: 'today' }, { kind: 'done', output: { since: 'today' } }, true],
])('%j is answered with %j', async (said, answer, tookEffect) => {
  const { script } = scriptOf({ 'lab.list': said });
  expect(await script.perform(call('lab.list'))).toMatchObject(answer);
  expect(script.made).toMatchObject([{ action: 'lab.list', effect: 'reversible', key: 'r/a', at: START, tookEffect }]);
  expect(await script.verify(call('lab.list'))).toMatchObject({ stands: tookEffect });
});

test.each([
  ['timeout', false],
  ['lost', true],
])(
  'with the fault %s no answer comes before the deadline, and the effect took place: %s',
  async (fault, tookEffect) => {
    const { script } = scriptOf({ 'lab.list': { fault } });
    const deadline = new AbortController();
    const reason = new Error('the deadline is over');
    const answer = script.perform({ ...call('lab.list'), signal: deadline.signal });
    deadline.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(await script.verify(call('lab.list'))).toMatchObject({ stands: tookEffect });
  },
);

test('a read in trouble is never in doubt', async () => {
  const { script } = scriptOf({ 'lab.look': { fault: 503 } });
  expect(await script.perform(call('lab.look', {}))).not.toHaveProperty('inDoubt');
});

test('what the product had before us stands', async () => {
  const { script } = scriptOf({}, ['h9']);
  expect(await script.verify(call('lab.list', { host: 'h9' }))).toMatchObject({ stands: true });
  expect(await script.verify(call('lab.list'))).toMatchObject({ stands: false });
  expect(script.made).toEqual([]);
});
