import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';
import { validate } from './schema.ts';

const written = fc
  .tuple(fc.integer({ min: 1, max: 999_999_999 }), fc.constantFrom('s', 'm', 'h', 'd'))
  .map(([count, unit]) => `${count}${unit}`);

test('what is printed reads back as what was read', () => {
  fc.assert(
    fc.property(written, text => {
      const duration = parseDuration(text);
      expect(duration).toBeGreaterThan(0);
      expect(parseDuration(formatDuration(duration ?? 0))).toBe(duration);
    }),
  );
});

test('what reads as a duration is what its schema takes for one', () => {
  fc.assert(
    fc.property(fc.oneof(written, fc.string({ maxLength: 6 }), fc.stringMatching(/^[0-9]{0,11}[smhdw]?$/)), text => {
      const isOne = validate({ format: 'duration' }, text).length === 0;
      // Leading zeros are read, and not worth writing.
      if (isOne) expect(parseDuration(text)).toBeDefined();
      else if (!text.startsWith('0')) expect(parseDuration(text)).toBeUndefined();
    }),
  );
});

test.each([
  ['90s', 90_000],
  ['15m', 900_000],
  ['24h', 86_400_000],
  ['7d', 604_800_000],
  ['0s', undefined],
  ['', undefined],
  ['s', undefined],
  ['-5s', undefined],
  ['1.5h', undefined],
  ['1h30m', undefined],
  ['1000000000s', undefined],
  ['٣s', undefined],
  ['5toString', undefined],
])('%j is %j milliseconds', (text, duration) => {
  expect(parseDuration(text)).toBe(duration);
});

test.each([
  [90_000, '90s'],
  [120_000, '2m'],
  [86_400_000, '1d'],
  [1_500, '1.5s'],
  [250, '250ms'],
  [0, '0ms'],
])('%i is printed as %s', (duration, text) => {
  expect(formatDuration(duration)).toBe(text);
});
