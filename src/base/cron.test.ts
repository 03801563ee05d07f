import { describe, expect, test } from 'vitest';
import { formatInstant } from './clock.ts';
import type { Calendar } from './cron.ts';
import { isTimezone, parseCron } from './cron.ts';

function calendarOf(text: string, timezone = 'UTC'): Calendar {
  const parsed = parseCron(text, timezone);
  if ('problem' in parsed) throw new Error(parsed.problem);
  return parsed.calendar;
}

/** The next few times, without seconds. */
function due(text: string, timezone: string, from: string, count: number): string[] {
  const calendar = calendarOf(text, timezone);
  const found: string[] = [];
  for (let at = calendar.next(Date.parse(from)); at !== undefined && found.length < count; at = calendar.next(at))
    found.push(formatInstant(at).slice(0, 16));
  return found;
}

test.each([
  ['in a time zone', '0 8 * * *', 'Europe/Berlin', '2026-01-01T00:00:00Z', ['2026-01-01T07:00', '2026-01-02T07:00']],
  ['on weekdays', '30 6 * * MON-FRI', 'UTC', '2026-01-02T00:00:00Z', ['2026-01-02T06:30', '2026-01-05T06:30']],
  [
    'on either of two kinds of day',
    '0 0 13 * 5',
    'UTC',
    '2026-01-03T00:00:00Z',
    ['2026-01-09T00:00', '2026-01-13T00:00'],
  ],
  ['on a day that is rare', '0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', ['2028-02-29T00:00', '2032-02-29T00:00']],
])('%s', (_, text, timezone, from, expected) => {
  expect(due(text, timezone, from, expected.length)).toEqual(expected);
});

describe('where clocks go forward (2026-03-29, 02:00 to 03:00 in Berlin)', () => {
  test('what falls into the hour left out is due when it is over, and once', () => {
    expect(due('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z', 2)).toEqual([
      '2026-03-29T01:00',
      '2026-03-30T00:30',
    ]);
  });

  test('what names no hour goes on without a gap', () => {
    expect(due('*/30 * * * *', 'Europe/Berlin', '2026-03-29T00:15:00Z', 3)).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:00',
      '2026-03-29T01:30',
    ]);
  });
});

describe('where clocks go back (2026-10-25, 03:00 to 02:00 in Berlin)', () => {
  test('what names the hour that comes twice is due once', () => {
    expect(due('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30',
      '2026-10-26T01:30',
    ]);
  });

  test('what names no hour is due in both', () => {
    expect(due('30 * * * *', 'Europe/Berlin', '2026-10-25T00:00:00Z', 3)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:30',
      '2026-10-25T02:30',
    ]);
  });

  test('looking back finds what looking ahead found', () => {
    const calendar = calendarOf('30 2 * * *', 'Europe/Berlin');
    expect(formatInstant(calendar.latest(Date.parse('2026-10-26T00:00:00Z')) ?? 0)).toBe('2026-10-25T00:30:00.000Z');
  });
});

test('the latest time may be this very moment, the next one not', () => {
  const calendar = calendarOf('0 8 * * *');
  const at = Date.parse('2026-01-05T08:00:00Z');
  expect([calendar.latest(at), calendar.latest(at - 1), calendar.next(at), calendar.next(at - 1)]).toEqual([
    at,
    at - 86_400_000,
    at + 86_400_000,
    at,
  ]);
});

test.each([
  ['0 8 * *', 'has 4 fields instead of five: minute, hour, day of month, month, day of week'],
  ['0 0 8 * * *', 'has 6 fields instead of five: minute, hour, day of month, month, day of week'],
  ['@daily', 'has 1 fields instead of five: minute, hour, day of month, month, day of week'],
  ['61 * * * *', 'cannot be read: invalid value for minute: 61'],
  ['? * * * *', 'has a `?`; every value is `*`'],
  ['0 0 31 2 *', 'is never due: there is no such day'],
])('%s %s', (text, problem) => {
  expect(parseCron(text, 'UTC')).toEqual({ problem });
});

test('a time zone has the name that IANA gave it', () => {
  expect(['UTC', 'Europe/Berlin', 'Mars/Olympus', ''].map(isTimezone)).toEqual([true, true, false, false]);
});
