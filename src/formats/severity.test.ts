import { expect, test } from 'vitest';
import { severityOf, severityOfSyslog } from './formats.ts';

test.each([
  ['0', 0],
  ['5', 50],
  ['10', 100],
  ['7.5', 75],
  ['Low', 20],
  ['Medium', 50],
  ['High', 75],
  ['Very-High', 95],
  ['CRITICAL', 95],
  ['INFO', 10],
  [' high ', 75],
])('%j is %d', (written, severity) => {
  expect(severityOf(written)).toBe(severity);
});

test.each([['Unknown'], [''], ['11'], ['-1'], ['x'], ['N/A'], ['1e1'], ['99999']])('%j is nothing', written => {
  expect(severityOf(written)).toBeUndefined();
});

test('the severity of a syslog header falls as its number rises', () => {
  const all = [0, 1, 2, 3, 4, 5, 6, 7].map(severity => severityOfSyslog(severity) ?? NaN);
  expect(all).toEqual(all.toSorted((a, b) => b - a));
  expect(all.every(severity => severity >= 0 && severity <= 100)).toBe(true);
  expect(severityOfSyslog(8)).toBeUndefined();
});
