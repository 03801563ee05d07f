import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import { Gate } from './gate.ts';

const never = new AbortController().signal;
const unheard = { begin() {}, end() {} };

async function settled(promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<false>(resolve => setImmediate(() => resolve(false)))]);
}

test('at most so many are under way, the rest goes in the order of asking', async () => {
  const gate = new Gate(new SimulatedClock(0), { concurrency: 1 });
  const leave = await gate.pass(never, unheard);
  const second = gate.pass(never, unheard);
  const third = gate.pass(never, unheard);
  expect(await settled(second)).toBe(false);
  leave();
  leave();
  expect(await settled(second)).toBe(true);
  expect(await settled(third)).toBe(false);
  (await second)();
  expect(await settled(third)).toBe(true);
});

test('no more than the rate begin in any minute', async () => {
  const clock = new SimulatedClock(0);
  const gate = new Gate(clock, { concurrency: 10, rate: 2 });
  const begun: number[] = [];
  const calls = Array.from({ length: 5 }, async () => {
    const leave = await gate.pass(never, unheard);
    begun.push(clock.now());
    leave();
  });
  while (!(await settled(Promise.all(calls)))) clock.fireNext();
  expect(begun).toEqual([0, 0, 60_000, 60_000, 120_000]);
});

test('who gives up leaves the queue and lets the next one by', async () => {
  const gate = new Gate(new SimulatedClock(0), { concurrency: 1 });
  const heard: string[] = [];
  const waiting = { begin: () => heard.push('begin'), end: () => heard.push('end') };
  const leave = await gate.pass(never, waiting);
  const stop = new AbortController();
  const second = gate.pass(stop.signal, waiting);
  const third = gate.pass(never, waiting);
  stop.abort(new Error('stopped'));
  await expect(second).rejects.toThrow('stopped');
  leave();
  (await third)();
  expect(heard).toEqual(['begin', 'begin', 'end', 'end']);
});
