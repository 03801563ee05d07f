import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatches, literalText, parseSigmaText, placed, plainText } from './sigma-text.ts';

// Sigma specification 2.1.0, "Escape character", and its table of values.
test.each([
  [String.raw`C:\Windows\cmd.exe`, String.raw`C:\Windows\cmd.exe`, true],
  [String.raw`\\server\share`, String.raw`\server\share`, true],
  [String.raw`\\\\server\share`, String.raw`\\server\share`, true],
  [String.raw`\*`, '*', true],
  [String.raw`\*`, 'a', false],
  [String.raw`\?`, '?', true],
  [String.raw`\?`, 'a', false],
  [String.raw`\\*`, String.raw`\anything`, true],
  [String.raw`\\*`, 'anything', false],
  [String.raw`\\\*`, String.raw`\*`, true],
  [String.raw`\\\*`, String.raw`\a`, false],
  [String.raw`a\b`, String.raw`a\b`, true],
  ['a\\', 'a\\', true],
  ['*', '', true],
  ['*', 'a', true],
  ['?', '', false],
  ['?', 'a', true],
  ['?', '😀', true],
  ['a?', 'a😀', true],
  ['*?', '😀', true],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'a-c-b-c', true],
  ['a*b*c', 'acb', false],
  ['aa*aa', 'aaa', false],
  ['*?b*', 'b', false],
  ['*?b*', 'xxb', true],
  ['', '', true],
  ['', 'a', false],
])('the value %s asks of %s: %s', (value, subject, expected) => {
  expect(globMatches(parseSigmaText(value), subject)).toBe(expected);
});

test.each([
  ['whole', 'b', 'b', true],
  ['whole', 'b', 'ab', false],
  ['contains', 'b', 'abc', true],
  ['contains', '', '', true],
  ['contains', 'a*c', 'xabcx', true],
  ['startswith', 'ab', 'abc', true],
  ['startswith', 'b', 'abc', false],
  ['endswith', 'bc', 'abc', true],
  ['endswith', 'b', 'abc', false],
] as const)('%s %s in %s: %s', (place, value, subject, expected) => {
  expect(globMatches(placed(parseSigmaText(value), place), subject)).toBe(expected);
});

test('a literal text has no wildcards', () => {
  expect(globMatches(literalText('*'), 'a')).toBe(false);
  expect(globMatches(literalText('\\*'), '\\*')).toBe(true);
  expect(plainText(parseSigmaText('a*b?c\\*'))).toBe('a*b?c*');
});

test('globs match what the same regular expressions match', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 12 });
  const value = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\*'), maxLength: 8 });
  fc.assert(
    fc.property(value, letters, (glob, subject) => {
      const pattern = glob.replaceAll(/\\\*|\*|\?/g, token => ({ '*': '.*', '?': '.' })[token] ?? '\\*');
      expect(globMatches(parseSigmaText(glob), subject)).toBe(new RegExp(`^${pattern}$`, 'su').test(subject));
    }),
    { numRuns: 3_000 },
  );
});
