import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { realClock } from './clock.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const DAY = 86_400_000;

test('an alarm further off than a timer can reach rings at its time, not at once', () => {
  const rung: number[] = [];
  realClock.alarm(100 * DAY, () => rung.push(Date.now()));
  vi.advanceTimersByTime(99 * DAY);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(2 * DAY);
  expect(rung).toEqual([100 * DAY]);
});

test('an alarm that was called off never rings, also after its first timer', () => {
  let isRung = false;
  const cancel = realClock.alarm(100 * DAY, () => (isRung = true));
  vi.advanceTimersByTime(50 * DAY);
  cancel();
  vi.advanceTimersByTime(100 * DAY);
  expect(isRung).toBe(false);
});

test('an alarm for a time that has passed rings soon, and never before it was set', () => {
  let isRung = false;
  realClock.alarm(-5, () => (isRung = true));
  expect(isRung).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isRung).toBe(true);
});
