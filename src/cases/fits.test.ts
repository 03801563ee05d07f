import { expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { fits } from './fits.ts';

test.each<[wanted: Json, found: Json, is: boolean]>([
  [{}, { a: 1 }, true],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, true],
  [{ a: [1] }, { a: [1, 2] }, false],
  [{ a: 1 }, { a: '1' }, false],
  [{ a: null }, {}, false],
  [{ 'a|contains': 'b' }, { a: 'abc' }, true],
  [{ 'a|contains': 'b' }, { a: ['b'] }, true],
  [{ 'a|contains': 'x' }, { a: 'abc' }, false],
  [{ toString: 'x' }, {}, false],
  [{ a: 1 }, [], false],
])('%j fits %j: %s', (wanted, found, is) => {
  expect(fits(wanted, found)).toBe(is);
});
