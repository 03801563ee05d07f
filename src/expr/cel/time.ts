import { parseDuration } from '../../base/duration.ts';

const NANOS_PER_MILLI = 1_000_000n;
const NANOS_PER_SECOND = 1_000_000_000n;
const MIN_SECOND = -62_135_596_800n; // 0001-01-01T00:00:00Z
const MAX_SECOND = 253_402_300_799n; // 9999-12-31T23:59:59Z
const MAX_DURATION_SECONDS = 315_576_000_000n; // google.protobuf.Duration: 10,000 years

export function nanosOfMillis(millis: number): bigint {
  return BigInt(Math.trunc(millis)) * NANOS_PER_MILLI;
}

/** Whole milliseconds since 1970, rounded down. */
export function millisOfNanos(nanos: bigint): number {
  return Number(floorDivide(nanos, NANOS_PER_MILLI));
}

/** Whole seconds since 1970, rounded down. */
export function secondsOfNanos(nanos: bigint): bigint {
  return floorDivide(nanos, NANOS_PER_SECOND);
}

export function nanosOfSeconds(seconds: bigint): bigint {
  return seconds * NANOS_PER_SECOND;
}

/** Years 1 to 9999, as protobuf and RFC 3339 have it. */
export function isTimestampInRange(nanos: bigint): boolean {
  const seconds = secondsOfNanos(nanos);
  return seconds >= MIN_SECOND && seconds <= MAX_SECOND;
}

export function isDurationInRange(nanos: bigint): boolean {
  const seconds = nanos / NANOS_PER_SECOND;
  return seconds >= -MAX_DURATION_SECONDS && seconds <= MAX_DURATION_SECONDS;
}

const RFC3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

/** Nanoseconds since 1970 of an RFC 3339 text; undefined when it is none, or names no day of the calendar. */
export function parseTimestamp(text: string): bigint | undefined {
  const match = text.length > 40 ? null : RFC3339.exec(text);
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = '', zone = ''] = match;
  const utc = Date.parse(`${date}T${time}Z`);
  // Date.parse moves February 30 into March; RFC 3339 knows no such day.
  if (Number.isNaN(utc) || new Date(utc).toISOString().slice(0, 19) !== `${date}T${time}`) return undefined;
  const offset = zone === 'Z' || zone === 'z' ? 0 : parseOffset(zone);
  if (offset === undefined) return undefined;
  const nanos = nanosOfMillis(utc - offset * 60_000) + BigInt(fraction.padEnd(9, '0'));
  return isTimestampInRange(nanos) ? nanos : undefined;
}

export function formatTimestamp(nanos: bigint): string {
  const seconds = new Date(millisOfNanos(nanos)).toISOString().slice(0, 19);
  return `${seconds}${formatFraction(nanos - secondsOfNanos(nanos) * NANOS_PER_SECOND)}Z`;
}

const DURATION_UNITS: Readonly<Record<string, bigint>> = {
  h: 3_600n * NANOS_PER_SECOND,
  m: 60n * NANOS_PER_SECOND,
  s: NANOS_PER_SECOND,
  ms: NANOS_PER_MILLI,
  us: 1_000n,
  µs: 1_000n,
  ns: 1n,
};

/** Reads the language's own `7d` and CEL's `1h30m`, `3600s`, `1.5s`, `-5ms`. */
export function parseWireDuration(text: string): bigint | undefined {
  const ours = parseDuration(text);
  if (ours !== undefined) return inDurationRange(nanosOfMillis(ours));
  const isNegative = text.startsWith('-');
  const body = isNegative || text.startsWith('+') ? text.slice(1) : text;
  if (body === '' || body.length > 64) return undefined;
  if (body === '0') return 0n;
  let total = 0n;
  let end = 0;
  for (const part of body.matchAll(/(\d+)(?:\.(\d*))?(ms|us|µs|ns|h|m|s)/g)) {
    const [whole, digits = '', fraction = '', unit = ''] = part;
    const size = DURATION_UNITS[unit];
    if (part.index !== end || size === undefined) return undefined;
    total += BigInt(digits) * size + (BigInt(`0${fraction}`) * size) / 10n ** BigInt(fraction.length);
    end += whole.length;
  }
  return end === body.length ? inDurationRange(isNegative ? -total : total) : undefined;
}

/** Seconds and `s`, as protobuf writes a duration in JSON: `3600s`, `1.5s`. */
export function formatWireDuration(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? '-' : ''}${size / NANOS_PER_SECOND}${formatFraction(size % NANOS_PER_SECOND)}s`;
}

/** Minutes east of UTC of `+05:30`, `-08:00` or `02:00`. */
export function parseOffset(text: string): number | undefined {
  const match = /^([+-]?)(\d\d):(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const hours = Number(match[2]);
  const minutes = Number(match[3]);
  if (hours > 23 || minutes > 59) return undefined;
  return (hours * 60 + minutes) * (match[1] === '-' ? -1 : 1);
}

function formatFraction(nanos: bigint): string {
  if (nanos === 0n) return '';
  return `.${nanos.toString().padStart(9, '0').replace(/0+$/, '')}`;
}

function inDurationRange(nanos: bigint): bigint | undefined {
  return isDurationInRange(nanos) ? nanos : undefined;
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}
