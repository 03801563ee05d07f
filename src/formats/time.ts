import { formatInstant } from '../base/clock.ts';
import type { Instant } from '../base/clock.ts';
import { readTime } from './written-time.ts';
import type { WrittenTime } from './written-time.ts';
import { instantIn } from './zone.ts';
import type { Zone } from './zone.ts';

const DAY = 86_400_000;

/** What a line does not say about its times. */
export interface TimeContext {
  /** When the line was received: a time without a year is of the last twelve months. */
  readonly now: Instant;
  /** Of the sender, for times without one. */
  readonly zone: Zone;
}

/**
 * The times of all formats as RFC 3339 in UTC, to the millisecond; undefined for what is none, or has a zone that is a mere
 * abbreviation. Reads `2016-07-26 03:04:05.678+00`, `Nov 23 21:58:05`, `Nov 23 2016 21:58:05.123 UTC` and the seconds,
 * milliseconds and microseconds since 1970 that CEF's `rt`, LEEF's `devTime` and Junos' `epoch-time` hold.
 */
export function parseTime(written: string, { now, zone }: TimeContext): string | undefined {
  const text = written.trim();
  const instant = sinceEpoch(text) ?? onCalendar(text, now, zone);
  // Years of five digits are no RFC 3339.
  return instant === undefined || !(instant >= 0 && instant < 253_402_300_800_000) ? undefined : formatInstant(instant);
}

/** Ten digits are seconds until the year 2286, thirteen milliseconds, sixteen microseconds. */
function sinceEpoch(text: string): Instant | undefined {
  if (!/^\d{9,16}(\.\d{1,9})?$/.test(text)) return undefined;
  const digits = text.split('.')[0]?.length ?? 0;
  return Math.floor(Number(text) * (digits <= 11 ? 1_000 : digits <= 14 ? 1 : 0.001));
}

function onCalendar(text: string, now: Instant, zone: Zone): Instant | undefined {
  const time = readTime(text, 0);
  if (time === undefined || time.end !== text.length) return undefined;
  const at = (year: number): Instant | undefined => instantOf(time, year, zone);
  return time.year === undefined ? lastBefore(at, now) : at(time.year);
}

/** Undefined for a day that the month does not have. */
function instantOf({ month, day, clock, offset }: WrittenTime, year: number, zone: Zone): Instant | undefined {
  const midnight = new Date(Date.UTC(year, month - 1, day));
  if (midnight.getUTCDate() !== day) return undefined;
  const { hour, minute, second, millisecond } = clock;
  const wall = midnight.getTime() + ((hour * 60 + minute) * 60 + second) * 1_000 + millisecond;
  return offset === undefined ? instantIn(zone, wall) : wall - offset * 60_000;
}

/**
 * RFC 3164 (4.1.2) has no year: the last one in which the time is past, or less than a day ahead, since clocks and zones are set
 * wrong more often than lines come from the future. Between two 29ths of February there can be eight years.
 */
function lastBefore(at: (year: number) => Instant | undefined, now: Instant): Instant | undefined {
  const thisYear = new Date(now).getUTCFullYear();
  for (let year = thisYear + 1; year >= thisYear - 8; year--) {
    const instant = at(year);
    if (instant !== undefined && instant <= now + DAY) return instant;
  }
  return undefined;
}
