import { expect, test } from 'vitest';
import { foreignDuration, foreignKey } from './spelling.ts';

test.each([
  ['PT24H', 'write 24h'],
  ['P7D', 'write 7d'],
  ['10 minutes', 'write 10m'],
  ['1d12h', 'a duration has one unit: write 36h'],
  ['1h30m', 'a duration has one unit: write 90m'],
  ['2w', 'a duration has one unit: write 14d'],
  [3600, 'a duration has a unit: write 3600s, 3600m, 3600h or 3600d'],
  ['soon', undefined],
  [true, undefined],
])('%j is met with a duration that can be written', (value, hint) => {
  expect(foreignDuration(value)).toBe(hint);
});

test('a key from elsewhere is answered by one that is allowed there, else by how it is said', () => {
  expect(foreignKey('when', ['if', 'do'])).toBe('a condition is `if:` here, everywhere');
  expect(foreignKey('needs', ['after'])).toContain('`after: [ids]`');
  expect(foreignKey('needs', ['do', 'if'])).toContain('run one after another');
  expect(foreignKey('vendor.action', ['do', 'ask'])).toBe('write `do: vendor.action`, and its inputs under `with:`');
  expect(foreignKey('vendor.action', ['ask'])).toBeUndefined();
  expect(foreignKey('constructor', ['do'])).toBeUndefined();
});
