import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedClock, formatInstant } from './clock.ts';

const START = 1_000;

test('alarms fire in order of time, then of setting, and never before their time', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), delays => {
      const clock = new SimulatedClock(START);
      const fired: { delay: number; order: number }[] = [];
      delays.forEach((delay, order) =>
        clock.alarm(START + delay, () => {
          expect(clock.now()).toBeGreaterThanOrEqual(START + delay);
          fired.push({ delay, order });
        }),
      );
      while (clock.fireNext());
      expect(fired).toEqual(
        delays.map((delay, order) => ({ delay, order })).toSorted((a, b) => a.delay - b.delay || a.order - b.order),
      );
    }),
  );
});

test('time never goes back', () => {
  const clock = new SimulatedClock(START);
  clock.alarm(START + 5, () => {});
  clock.moveTo(START + 10);
  clock.moveTo(START);
  expect(clock.fireNext()).toBe(true);
  expect(clock.now()).toBe(START + 10);
});

test('an alarm that was called off does not ring', () => {
  const clock = new SimulatedClock(START);
  const rung: string[] = [];
  clock.alarm(START + 1, () => rung.push('kept'));
  clock.alarm(START, () => rung.push('called off'))();
  expect(clock.next()).toBe(START + 1);
  while (clock.fireNext());
  expect(rung).toEqual(['kept']);
});

test('an alarm rings once, also when it sets another', () => {
  const clock = new SimulatedClock(START);
  const rung: number[] = [];
  clock.alarm(START + 1, () => {
    rung.push(clock.now());
    clock.alarm(START, () => rung.push(clock.now()));
  });
  while (clock.fireNext());
  expect(rung).toEqual([START + 1, START + 1]);
});

test('what is due after the limit waits', () => {
  const clock = new SimulatedClock(START);
  clock.alarm(START + 10, () => {});
  expect(clock.fireNext(START + 9)).toBe(false);
  expect(clock.now()).toBe(START);
  expect(clock.fireNext(START + 10)).toBe(true);
  expect(clock.next()).toBeUndefined();
});

test('an instant is printed in UTC, to the millisecond', () => {
  expect(formatInstant(Date.parse('2026-11-24T10:00:00.5+01:00'))).toBe('2026-11-24T09:00:00.500Z');
});

test('an instant beyond every calendar is printed as the last one, not thrown', () => {
  expect(formatInstant(Date.parse('2026-01-01T00:00:00Z') + 999_999_999 * 86_400_000)).toBe(
    '+275760-09-13T00:00:00.000Z',
  );
});
