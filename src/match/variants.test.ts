import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64Offsets, foldDashes } from './variants.ts';

test('all dashes of Sigma have one spelling', () => {
  expect(foldDashes('-a /b –c —d ―e')).toBe('-a -b -c -d -e');
});

// Sigma specification, base64offset; the values that pySigma gives for "foobar".
test('a text has three forms in base64', () => {
  expect(base64Offsets('foobar')).toEqual(['Zm9vYmFy', 'Zvb2Jhc', 'mb29iYX']);
});

test('a text too short to leave a trace at some place has no form for it', () => {
  expect(base64Offsets('a')).toEqual(['Y', 'h']);
  expect(base64Offsets('')).toEqual([]);
});

test('wherever a text stands, one of its forms stands in the base64', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 3 }), fc.string(), (before, text, after) => {
      const encoded = Buffer.from(before + text + after).toString('base64');
      expect(base64Offsets(text).some(form => encoded.includes(form))).toBe(true);
    }),
  );
});
