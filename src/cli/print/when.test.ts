import { expect, test } from 'vitest';
import { distance, localTime } from './when.ts';

test.each([
  [0, 'now'],
  [-999, 'now'],
  [-1_000, '1s ago'],
  [-59_999, '59s ago'],
  [60_000, 'in 1m'],
  [-3 * 3_600_000 - 1, '3h ago'],
  [7 * 86_400_000, 'in 7d'],
])('%i ms is %s', (milliseconds, text) => {
  expect(distance(milliseconds)).toBe(text);
});

test('times for people are in their own zone, down to the second', () => {
  const date = new Date(2026, 0, 2, 3, 4, 5);
  expect(localTime(date.toISOString())).toBe('2026-01-02 03:04:05');
});
