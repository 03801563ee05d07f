import { expect, test } from 'vitest';
import { canonicalAddress } from './address.ts';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['FE80:0::1', 'fe80::1'],
  ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
  ['::ffff:10.0.0.1', '::ffff:a00:1'],
  ['no:address', 'no:address'],
  ['WIN7', 'WIN7'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
});
