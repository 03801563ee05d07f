import { expect, test } from 'vitest';
import type { Evidence } from '../../expr/evidence.ts';
import { resultOf, shownOf } from './trace.ts';

function value(of: string | boolean | string[]): Evidence {
  return { state: 'value', value: of };
}

test('what a part came to is said in full where that is short', () => {
  expect(resultOf(value(true))).toBe('true');
  expect(resultOf(value(['h1', 'h2']))).toBe('["h1","h2"]');
});

test('a long list is cut, since a row has to be read', () => {
  const hosts = Array.from({ length: 100 }, (_, index) => `h${index}`);
  expect(resultOf(value(hosts))).toBe(`${JSON.stringify(hosts).slice(0, 79)}…`);
  const shown = `${JSON.stringify(hosts)}.size() > 3`;
  expect(shownOf({ text: 'size(hosts) > 3', shown, result: value(true), parts: [] })).toBe(`${shown.slice(0, 79)}…`);
});
