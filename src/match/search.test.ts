import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexOf } from './search.ts';

test('long needles are found where the runtime finds them', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 120 });
  fc.assert(
    fc.property(text, text, text, fc.nat(50), (before, needle, after, from) => {
      const long = needle + 'ab'.repeat(17);
      const subject = before + long + after;
      expect(indexOf(subject, long, from)).toBe(subject.indexOf(long, from));
      expect(indexOf(before, long, from)).toBe(before.indexOf(long, from));
    }),
  );
});

test('a needle made for its text takes no longer than the two are long', () => {
  const needle = `b${'a'.repeat(50_000)}`;
  const begin = performance.now();
  expect(indexOf('a'.repeat(1_000_000), needle, 0)).toBe(-1);
  expect(performance.now() - begin).toBeLessThan(1_000);
});
