import type { Instant } from '../base/clock.ts';

const MINUTE = 60_000;

/** Tells the time in one place. */
export interface Zone {
  /** Minutes east of Greenwich. */
  offsetAt(instant: Instant): number;
}

export const UTC: Zone = { offsetAt: () => 0 };

/**
 * `UTC`, a name of the IANA time zone database (`Europe/Berlin`), or a fixed offset (`+02:00`); undefined if there is no such
 * zone. Keep what you get: making one costs as much as reading a hundred lines.
 */
export function zoneNamed(name: string): Zone | undefined {
  if (name === 'UTC') return UTC;
  const format = formatOf(name);
  return format && { offsetAt: instant => offsetOf(format, instant) };
}

function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
}

/** The runtime tells it as `GMT`, `GMT+02:00` or, for times before there were zones, `GMT-00:01:15`. */
function offsetOf(format: Intl.DateTimeFormat, instant: Instant): number {
  const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -offset : offset;
}

/** The instant at which clocks in a zone show this time; the earlier of two when they are put back. */
export function instantIn(zone: Zone, wall: Instant): Instant {
  const before = wall - zone.offsetAt(wall - 24 * 60 * MINUTE) * MINUTE;
  if (wall - zone.offsetAt(before) * MINUTE === before) return before;
  // The clocks changed since the day before.
  return wall - zone.offsetAt(wall - zone.offsetAt(wall) * MINUTE) * MINUTE;
}
