import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexOf } from './search.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

test('long texts are searched as the runtime searches them', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 40 });
  fc.assert(
    fc.property(letters, letters, letters, fc.nat(60), (before, middle, after, from) => {
      const needle = middle + 'ab'.repeat(2_500);
      const subject = `${before}${needle.slice(3)}${needle}${after}`;
      expect(indexOf(subject, needle, from)).toBe(subject.indexOf(needle, from));
      expect(indexOf(subject.slice(0, -50), needle, from)).toBe(subject.slice(0, -50).indexOf(needle, from));
    }),
  );
});

test('a needle made for its text takes no longer than the two are long', () => {
  const needle = `b${'a'.repeat(50_000)}`;
  const spent = cpuTime(() => {
    expect(indexOf('a'.repeat(1_000_000), needle, 0)).toBe(-1);
  });
  expect(spent).toBeLessThan(1_000);
});
