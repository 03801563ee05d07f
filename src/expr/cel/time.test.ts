import { describe, expect, it } from 'vitest';
import { calendarTime } from './calendar.ts';
import { formatTimestamp, formatWireDuration, nanosOfMillis, parseTimestamp, parseWireDuration } from './time.ts';

describe('timestamps', () => {
  it.each([
    ['2026-11-24T09:00:00Z', '2026-11-24T09:00:00Z'],
    ['2026-11-24t09:00:00z', '2026-11-24T09:00:00Z'],
    ['2026-11-24 09:00:00+02:00', '2026-11-24T07:00:00Z'],
    ['2026-11-24T09:00:00.123456789-01:30', '2026-11-24T10:30:00.123456789Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.999999999Z', '9999-12-31T23:59:59.999999999Z'],
    ['1969-12-31T23:59:59.5Z', '1969-12-31T23:59:59.5Z'],
  ])('%s is %s', (text, expected) => {
    const nanos = parseTimestamp(text);
    expect(nanos === undefined ? undefined : formatTimestamp(nanos)).toBe(expected);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-11-24',
    '2026-11-24T25:00:00Z',
    '2026-11-24T09:00:00',
    '0001-01-01T00:00:00+01:00',
    'now',
    '',
  ])('%j is none', text => expect(parseTimestamp(text)).toBeUndefined());
});

describe('durations', () => {
  it.each([
    ['90s', '90s'],
    ['7d', '604800s'],
    ['1h', '3600s'],
    ['1h30m', '5400s'],
    ['1.5s', '1.5s'],
    ['-5ms', '-0.005s'],
    ['+2us', '0.000002s'],
    ['0', '0s'],
  ])('%s is %s', (text, expected) => {
    const nanos = parseWireDuration(text);
    expect(nanos === undefined ? undefined : formatWireDuration(nanos)).toBe(expected);
  });

  it.each(['', 's', '1', '1x', '1s ', '1d2h', '-', '99999999999999h', `${'1'.repeat(100)}s`])('%j is none', text =>
    expect(parseWireDuration(text)).toBeUndefined(),
  );
});

describe('wall-clock time', () => {
  const summer = nanosOfMillis(Date.parse('2026-07-31T22:30:15.250Z'));

  it('follows the zone, summer time included', () => {
    expect(calendarTime(summer, 'Europe/Berlin')).toEqual({
      year: 2026,
      month: 8,
      day: 1,
      weekday: 6,
      yearday: 213,
      hour: 0,
      minute: 30,
      second: 15,
      millisecond: 250,
    });
    expect(calendarTime(summer, '-09:30')).toMatchObject({ day: 31, hour: 13, minute: 0 });
    expect(calendarTime(summer, 'UTC')).toMatchObject({ day: 31, hour: 22, weekday: 5 });
  });

  it.each(['Middle/Earth', '+25:00', '', 'x'.repeat(1_000)])('is none in %j', zone =>
    expect(calendarTime(summer, zone)).toBeUndefined(),
  );

  it('counts the days of early years', () => {
    const nanos = parseTimestamp('0042-02-01T00:00:00Z') ?? 0n;
    expect(calendarTime(nanos, 'UTC')).toMatchObject({ year: 42, yearday: 32 });
  });
});
