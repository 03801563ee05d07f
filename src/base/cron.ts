import { Cron } from 'croner';
import type { Instant } from './clock.ts';

/**
 * Five cron fields in a time zone. Where clocks go forward, what falls into the hour that is left out is due when it is
 * over; where they go back, what names an hour is due in the first of the two, and what does not goes on in both.
 */
export interface Calendar {
  /** The first time after. */
  next(after: Instant): Instant | undefined;
  /** The last time that is not after. */
  latest(until: Instant): Instant | undefined;
}

/** Never throws; a problem completes "the schedule …". */
export function parseCron(
  text: string,
  timezone: string,
): { readonly calendar: Calendar } | { readonly problem: string } {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5)
    return { problem: `has ${fields.length} fields instead of five: minute, hour, day of month, month, day of week` };
  // For croner `?` is the minute or hour in which the pattern is read.
  if (text.includes('?')) return { problem: 'has a `?`; every value is `*`' };
  try {
    const cron = new Cron(text, { timezone, mode: '5-part', paused: true });
    const calendar: Calendar = {
      next: after => cron.nextRun(new Date(after))?.getTime(),
      latest: until => cron.previousRuns(1, new Date(until + 1))[0]?.getTime(),
    };
    return calendar.next(0) === undefined ? { problem: 'is never due: there is no such day' } : { calendar };
  } catch (error) {
    return { problem: `cannot be read: ${error instanceof Error ? readable(error.message) : String(error)}` };
  }
}

/** By its IANA name, as `Europe/Berlin`. */
export function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function readable(message: string): string {
  const text = message.replace(/^CronPattern: /, '').replace(/\.$/, '');
  return text.charAt(0).toLowerCase() + text.slice(1);
}
