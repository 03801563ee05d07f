import { expect, test } from 'vitest';
import { SimulatedClock } from '../base/clock.ts';
import { createIds } from './ids.ts';

test('run ids sort by the time of their making', () => {
  const clock = new SimulatedClock(Date.parse('2026-11-24T09:00:00Z'));
  const ids = createIds(clock);
  const made = Array.from({ length: 50 }, (_, index) => {
    clock.moveTo(clock.now() + index * 7_919_000 + 1);
    return ids.run();
  });
  expect(made.toSorted()).toEqual(made);
});

test('no id is given twice, and each can stand in a path', () => {
  const ids = createIds(new SimulatedClock(0));
  const made = Array.from({ length: 10_000 }, () => [ids.run(), ids.token()]).flat();
  expect(new Set(made).size).toBe(20_000);
  for (const id of made) expect(id).toMatch(/^[0-9a-z-]+$/);
});
