import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_RETRY, nextAttempt } from './retry.ts';

test('it waits twice as long each time, up to its maximum', () => {
  const policy = { times: 6, every: 1_000, max: 5_000 };
  const waits = [1, 2, 3, 4, 5].map(attempt => nextAttempt(policy, attempt, 0, Infinity));
  expect(waits).toEqual([1_000, 2_000, 4_000, 5_000, 5_000]);
});

test('the wish of the product wins over the doubling, not over the deadline', () => {
  expect(nextAttempt(DEFAULT_RETRY, 1, 0, 120_000, 60_000)).toBe(60_000);
  expect(nextAttempt(DEFAULT_RETRY, 1, 0, 120_000, 120_000)).toBeUndefined();
});

test('there is never an attempt beyond the number allowed, at or after the deadline, or in the past', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 60 }),
      fc.nat(),
      fc.nat(),
      fc.option(fc.nat(), { nil: undefined }),
      (attempt, now, deadline, after) => {
        const again = nextAttempt(DEFAULT_RETRY, attempt + 1, now, deadline, after);
        if (again === undefined) return;
        expect(attempt + 1).toBeLessThan(DEFAULT_RETRY.times);
        expect(again).toBeLessThan(deadline);
        expect(again).toBeGreaterThanOrEqual(now);
      },
    ),
  );
});
