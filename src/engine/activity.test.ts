import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import { Activity } from './activity.ts';

const never = new AbortController().signal;

test('idle waits for what is under way, and not for what sleeps', async () => {
  const clock = new SimulatedClock(0);
  const activity = new Activity(clock);
  const said: string[] = [];
  activity.spawn(
    async () => {
      await Promise.resolve();
      said.push('worked');
      said.push(await activity.sleep(5, never));
    },
    () => {},
  );
  await activity.idle();
  expect(said).toEqual(['worked']);
  clock.fireNext();
  await activity.idle();
  expect(said).toEqual(['worked', 'woken']);
});

test('what is aborted wakes once, and leaves no alarm', async () => {
  const clock = new SimulatedClock(0);
  const activity = new Activity(clock);
  const controller = new AbortController();
  const said: string[] = [];
  activity.spawn(
    async () => void said.push(await activity.sleep(5, controller.signal)),
    () => {},
  );
  await activity.idle();
  controller.abort();
  await activity.idle();
  expect([said, clock.next()]).toEqual([['aborted'], undefined]);
  expect(await activity.sleep(5, controller.signal)).toBe('aborted');
});

test('a deadline that is let go leaves no alarm, and one that rings says that it was time', () => {
  const clock = new SimulatedClock(0);
  const activity = new Activity(clock);
  const first = activity.deadline(5, never);
  first.release();
  expect(clock.next()).toBeUndefined();
  const second = activity.deadline(5, never);
  clock.fireNext();
  expect([first.signal.aborted, (second.signal.reason as DOMException).name]).toEqual([false, 'TimeoutError']);
});

test('a fault in what nobody awaits is reported, and counts no longer', async () => {
  const activity = new Activity(new SimulatedClock(0));
  const faults: unknown[] = [];
  activity.spawn(
    () => Promise.reject(new TypeError('x')),
    fault => faults.push(fault),
  );
  await activity.idle();
  expect(faults).toEqual([new TypeError('x')]);
});
