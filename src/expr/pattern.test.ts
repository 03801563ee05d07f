import { describe, expect, it } from 'vitest';
import { compilePattern, MAX_SUBJECT_LENGTH } from './pattern.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

function matches(pattern: string, subject: string): boolean {
  const compiled = compilePattern(pattern);
  if ('message' in compiled) throw new Error(compiled.message);
  return compiled.pattern.test(subject);
}

describe('compilePattern', () => {
  it.each([
    ['^a+$', 'aaa', true],
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['(?i)cmd\\.exe', 'C:\\CMD.EXE', true],
    ['\\p{L}', 'é', true],
    ['[[:digit:]]{2}', 'a12', true],
    ['[]]', ']', true],
    ['[^\\]](?:x)', 'ax', true],
    ['[(?=]', '?', true],
    ['\\(?=', '(=', true],
    ['\\\\1', '\\1', true],
    ['a{1000}', 'a'.repeat(1_000), true],
  ])('%s in %j: %s', (pattern, subject, expected) => expect(matches(pattern, subject)).toBe(expected));

  it.each([
    ['a(?=b)', 'look-ahead is not possible: patterns are RE2, which is linear in time', '(?='],
    ['a(?!b)', 'look-ahead is not possible: patterns are RE2, which is linear in time', '(?!'],
    ['(?<=a)b', 'look-behind is not possible: patterns are RE2, which is linear in time', '(?<='],
    ['(?<!a)b', 'look-behind is not possible: patterns are RE2, which is linear in time', '(?<!'],
    ['a(?>b)', 'an atomic group is not possible: patterns are RE2, which is linear in time', '(?>'],
    ['(a)\\1', 'a back-reference is not possible: patterns are RE2, which is linear in time', '\\1'],
    ['(?P<n>a)\\k<n>', 'a back-reference is not possible: patterns are RE2, which is linear in time', '\\k'],
    ['x[a', 'missing closing ]: `[a`', '[a'],
    ['xa**', 'invalid nested repetition operator: `**`', '**'],
    ['a{1001}', 'invalid repeat count: `{1001}`', '{1001}'],
    ['((a{100}){100})', 'invalid repeat count: `{100}`', '{100}'],
    ['a\\q', 'invalid escape sequence: `\\q`', '\\q'],
  ])('%s is refused, with its place', (pattern, message, place) => {
    const compiled = compilePattern(pattern);
    if ('pattern' in compiled) throw new Error('it was not refused');
    expect(compiled.message).toBe(message);
    expect(pattern.slice(compiled.start, compiled.end)).toBe(place);
  });

  it('refuses more than a kilobyte', () => {
    expect(compilePattern('a'.repeat(1_025))).toMatchObject({ message: 'the pattern is longer than 1024 characters' });
    expect(compilePattern('a'.repeat(1_024))).toHaveProperty('pattern');
  });

  it('looks at the first 64 Ki characters only', () => {
    expect(matches('z', `${'a'.repeat(MAX_SUBJECT_LENGTH - 1)}z`)).toBe(true);
    expect(matches('z', `${'a'.repeat(MAX_SUBJECT_LENGTH)}z`)).toBe(false);
  });

  it('is linear where a backtracking engine is not', () => {
    const spent = cpuTime(() => {
      expect(matches('^(a|a)*$', `${'a'.repeat(60_000)}b`)).toBe(false);
    });
    expect(spent).toBeLessThan(1_000);
  });
});
