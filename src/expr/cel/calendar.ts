import { Lru } from '../lru.ts';
import { millisOfNanos, parseOffset } from './time.ts';

export interface CalendarTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

/** Wall-clock time in a zone: `UTC`, `Europe/Berlin`, `+02:00`; undefined when there is no such zone. */
export function calendarTime(nanos: bigint, zone: string): CalendarTime | undefined {
  const millis = millisOfNanos(nanos);
  const offset = parseOffset(zone) ?? namedOffset(zone, millis);
  if (offset === undefined) return undefined;
  const local = new Date(millis + offset * 60_000);
  const newYear = startOfYear(local.getUTCFullYear());
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    yearday: Math.floor((local.getTime() - newYear) / 86_400_000) + 1,
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    millisecond: local.getUTCMilliseconds(),
  };
}

/** Date.UTC takes the years 0 to 99 for 1900 to 1999. */
function startOfYear(year: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, 0, 1);
  return date.getTime();
}

const formats = new Lru<Intl.DateTimeFormat | 'unknown'>(64);

/** Minutes east of UTC in a zone of the tz database, at that instant. */
function namedOffset(zone: string, millis: number): number | undefined {
  if (zone === 'UTC' || zone === 'Z') return 0;
  const format = zone.length > 64 ? 'unknown' : formats.get(zone, makeFormat);
  if (format === 'unknown') return undefined;
  const parts: Record<string, number> = {};
  for (const part of format.formatToParts(millis)) parts[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  return (local.getTime() - Math.floor(millis / 1_000) * 1_000) / 60_000;
}

function makeFormat(timeZone: string): Intl.DateTimeFormat | 'unknown' {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (error) {
    if (error instanceof RangeError) return 'unknown';
    throw error;
  }
}
