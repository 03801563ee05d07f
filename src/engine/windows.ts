import type { Instant } from '../base/clock.ts';
import type { Span } from '../base/span.ts';
import { calendarTime } from '../expr/cel/calendar.ts';
import { nanosOfMillis } from '../expr/cel/time.ts';

/** A maintenance window of guardrails.yaml: a stretch of the clock in some place, on some days of the week. */
export interface Window {
  readonly name: string;
  /** On which it opens; 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight. */
  readonly from: number;
  /** Not after `from`: of the next day. */
  readonly to: number;
  readonly timezone: string;
  readonly span: Span;
}

/** The first instant from `at` on at which the window is open: `at` itself while it is. Pure. */
export function openingOf(window: Window, at: Instant): Instant {
  const today = Math.floor((at + offsetAt(at, window.timezone)) / DAY);
  // One that opened yesterday may still be; a week later every day has come.
  for (let day = today - 1; day <= today + 8; day++) {
    if (!window.days.includes(weekdayOf(day))) continue;
    const opens = instantOf(day, window.from, window.timezone);
    const closes = instantOf(window.to > window.from ? day : day + 1, window.to, window.timezone);
    if (at < closes) return Math.max(opens, at);
  }
  throw new Error(`the window ${window.name} opens on no day`);
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** Day 0 of 1970 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** When clocks in a zone show this time. In the hour that is skipped in spring it is the one after, in the one that comes twice the first. */
function instantOf(day: number, minutes: number, zone: string): Instant {
  const local = day * DAY + minutes * MINUTE;
  const [before, after] = [offsetAt(local - DAY, zone), offsetAt(local + DAY, zone)];
  const early = local - Math.max(before, after);
  return offsetAt(early, zone) === local - early ? early : local - Math.min(before, after);
}

/** Milliseconds east of UTC. */
function offsetAt(at: Instant, zone: string): number {
  const time = calendarTime(nanosOfMillis(at), zone);
  if (time === undefined) throw new Error(`no zone ${zone}: the guardrails were not checked`);
  const { year, month, day, hour, minute, second, millisecond } = time;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - at;
}
