import { expect, test } from 'vitest';
import { parseTime, zoneNamed } from './formats.ts';

const now = Date.parse('2026-01-02T12:00:00Z');

function inZone(name: string, written: string, at = now): string | undefined {
  const zone = zoneNamed(name);
  if (zone === undefined) throw new Error(`there is no ${name}`);
  return parseTime(written, { now: at, zone });
}

test.each([
  ['2016-07-26T03:04:05.678Z', '2016-07-26T03:04:05.678Z'],
  ['2016-07-26T03:04:05.678912Z', '2016-07-26T03:04:05.678Z'],
  ['2016-07-26T03:04:05Z', '2016-07-26T03:04:05.000Z'],
  ['2016-07-26T03:04:05.5-06:00', '2016-07-26T09:04:05.500Z'],
  ['2018-02-06 12:44:33.883886-06:00', '2018-02-06T18:44:33.883Z'],
  ['2016-01-23 17:36:39.841+00', '2016-01-23T17:36:39.841Z'],
  ['2016-01-23 17:36:39.841-0130', '2016-01-23T19:06:39.841Z'],
  ['2016-7-26 17:36:39+00', '2016-07-26T17:36:39.000Z'],
  ['2016-12- 06 17:36:39+00', '2016-12-06T17:36:39.000Z'],
  ['2016-12-06 17:36:39 +00', '2016-12-06T17:36:39.000Z'],
  ['2016-12-06 17:36:39,841 +0100', '2016-12-06T16:36:39.841Z'],
  ['2016-12-06 17:36:39', '2016-12-06T17:36:39.000Z'],
  ['Nov 23 2016 21:58:05', '2016-11-23T21:58:05.000Z'],
  ['Nov 23 2016 21:58:05.123 UTC', '2016-11-23T21:58:05.123Z'],
  ['Nov 23 21:58:05 2016', '2016-11-23T21:58:05.000Z'],
  ['Nov 23 2016 21:58:60', '2016-11-23T21:59:00.000Z'],
  ['1447724404.34', '2015-11-17T01:40:04.340Z'],
  ['1507845354', '2017-10-12T21:55:54.000Z'],
  ['1507845354123', '2017-10-12T21:55:54.123Z'],
  ['1507845354123456', '2017-10-12T21:55:54.123Z'],
  [' 1507845354 ', '2017-10-12T21:55:54.000Z'],
])('%s is %s', (written, time) => {
  expect(inZone('UTC', written)).toBe(time);
});

test.each([
  [''],
  ['yesterday'],
  ['2016-02-30 00:00:00'],
  ['2016-12-06'],
  ['2016-12-06 17:36:39 CEST'],
  ['2016-12-06 25:36:39'],
  ['2016-12-06 17:36:39+00 and more'],
  ['Nov 31 00:00:00'],
  ['xx-xx-xx'],
  ['12345'],
  ['99999999999999999999'],
  ['N/A'],
])('%j is no time', written => {
  expect(inZone('UTC', written)).toBeUndefined();
});

test.each([
  ['Jan  2 11:59:59', '2026-01-02T11:59:59.000Z', 'a moment ago'],
  ['Jan  2 12:30:00', '2026-01-02T12:30:00.000Z', 'a clock that is fast'],
  ['Jan  3 11:00:00', '2026-01-03T11:00:00.000Z', 'a zone that is wrong'],
  ['Jan  3 13:00:00', '2025-01-03T13:00:00.000Z', 'more than a day ahead'],
  ['Dec 31 23:59:59', '2025-12-31T23:59:59.000Z', 'last year'],
  ['Feb 29 10:00:00', '2024-02-29T10:00:00.000Z', 'a day that most years do not have'],
])('without a year, %s is %s (%s)', (written, time) => {
  expect(inZone('UTC', written)).toBe(time);
});

test('a line from the next year comes when the clocks here have not turned yet', () => {
  const eve = Date.parse('2025-12-31T23:59:00Z');
  expect(inZone('UTC', 'Jan  1 00:00:10', eve)).toBe('2026-01-01T00:00:10.000Z');
});

test.each([
  ['Europe/Berlin', '2016-07-26 03:04:05', '2016-07-26T01:04:05.000Z', 'summer'],
  ['Europe/Berlin', '2016-01-26 03:04:05', '2016-01-26T02:04:05.000Z', 'winter'],
  ['Europe/Berlin', '2016-03-27 01:59:59', '2016-03-27T00:59:59.000Z', 'before the clocks go forward'],
  ['Europe/Berlin', '2016-03-27 03:00:00', '2016-03-27T01:00:00.000Z', 'after the clocks went forward'],
  ['Europe/Berlin', '2016-10-30 02:30:00', '2016-10-30T00:30:00.000Z', 'an hour that comes twice is the earlier'],
  ['Europe/Berlin', '2016-10-30 03:00:00', '2016-10-30T02:00:00.000Z', 'after the clocks went back'],
  ['America/New_York', '2016-03-13 03:00:00', '2016-03-13T07:00:00.000Z', 'after the clocks went forward'],
  ['America/New_York', '2016-03-13 01:59:59', '2016-03-13T06:59:59.000Z', 'before the clocks go forward'],
  ['Asia/Kolkata', '2016-03-13 05:30:00', '2016-03-13T00:00:00.000Z', 'half an hour'],
  ['+02:00', '2016-03-13 02:00:00', '2016-03-13T00:00:00.000Z', 'a fixed offset'],
  ['Europe/Berlin', '2016-07-26 03:04:05+00', '2016-07-26T03:04:05.000Z', 'what the line says wins'],
])('in %s, %s is %s (%s)', (zone, written, time) => {
  expect(inZone(zone, written)).toBe(time);
});

test('a zone that does not exist is none', () => {
  expect(zoneNamed('Europe/Atlantis')).toBeUndefined();
  expect(zoneNamed('')).toBeUndefined();
});
