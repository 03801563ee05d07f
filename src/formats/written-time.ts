import { isDigit, isWord } from './chars.ts';
import { Cursor } from './cursor.ts';

/** A time as somebody wrote it down. */
export interface WrittenTime {
  /** Where it ends in the text. */
  readonly end: number;
  /** RFC 3164 (4.1.2) leaves it out. */
  readonly year: number | undefined;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
  readonly clock: WallClock;
  /** Minutes east of Greenwich, where the text says so. */
  readonly offset: number | undefined;
}

interface WallClock {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const DOT = 46;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The time that begins at `at`: `2016-07-26T03:04:05.678+01:00` and what products make of it (blank for `T`, months and days
 * of one digit, `+01`, single blanks within), or `Nov  3 21:58:05` with or without a year before or after the clock.
 */
export function readTime(text: string, at: number): WrittenTime | undefined {
  const code = text.charCodeAt(at);
  return isDigit(code) ? readNumbers(new Cursor(text, at)) : readMonthName(new Cursor(text, at));
}

function readNumbers(cursor: Cursor): WrittenTime | undefined {
  const year = cursor.digits(4, 4);
  if (year === undefined || !cursor.take('-')) return undefined;
  cursor.take(' ');
  const month = cursor.digits(1, 2);
  if (month === undefined || !cursor.take('-')) return undefined;
  // JATP writes `2016-12- 06`.
  cursor.take(' ');
  const day = cursor.digits(1, 2);
  if (day === undefined || !(cursor.take('T') || cursor.take('t') || cursor.take(' '))) return undefined;
  cursor.take(' ');
  return finish(cursor, { year, month, day });
}

function readMonthName(cursor: Cursor): WrittenTime | undefined {
  const month = MONTHS.indexOf(cursor.text.slice(cursor.at, cursor.at + 3).toLowerCase()) + 1;
  cursor.at += 3;
  if (month === 0 || !cursor.take(' ')) return undefined;
  // A day of one digit has a blank in front (RFC 3164, 4.1.2), or a nought, or nothing.
  cursor.take(' ');
  const day = cursor.digits(1, 2);
  if (day === undefined || !cursor.take(' ')) return undefined;
  cursor.take(' ');
  const year = readYear(cursor);
  if (year !== undefined) cursor.take(' ');
  const time = finish(cursor, { year, month, day });
  if (time === undefined || year !== undefined) return time;
  const after = new Cursor(cursor.text, time.end);
  const late = after.take(' ') ? readYear(after) : undefined;
  return late === undefined ? time : { ...time, end: after.at, year: late };
}

/** Four digits that are no part of a clock, a host or an address. */
function readYear(cursor: Cursor): number | undefined {
  const year = new Cursor(cursor.text, cursor.at);
  const value = year.digits(4, 4);
  const next = year.text[year.at];
  if (value === undefined || value < 1970 || !(next === undefined || next === ' ' || next === ':')) return undefined;
  cursor.at = year.at;
  return value;
}

function finish(cursor: Cursor, date: Pick<WrittenTime, 'year' | 'month' | 'day'>): WrittenTime | undefined {
  const clock = readClock(cursor);
  if (clock === undefined || date.month < 1 || date.month > 12 || date.day < 1 || date.day > 31) return undefined;
  const offset = readOffset(cursor);
  return { ...date, clock, offset, end: cursor.at };
}

function readClock(cursor: Cursor): WallClock | undefined {
  const hour = cursor.digits(1, 2);
  if (hour === undefined || hour > 23 || !cursor.take(':')) return undefined;
  cursor.take(' ');
  const minute = cursor.digits(2, 2);
  if (minute === undefined || minute > 59) return undefined;
  if (!cursor.take(':')) return { hour, minute, second: 0, millisecond: 0 };
  cursor.take(' ');
  const second = cursor.digits(2, 2);
  // 60 is a leap second.
  if (second === undefined || second > 60) return undefined;
  return { hour, minute, second, millisecond: readFraction(cursor) };
}

function readFraction(cursor: Cursor): number {
  const begin = cursor.at;
  if (!cursor.take('.') && !cursor.take(',')) return 0;
  let value = 0;
  let count = 0;
  for (; isDigit(cursor.text.charCodeAt(cursor.at)); cursor.at++, count++) {
    if (count < 3) value = value * 10 + cursor.text.charCodeAt(cursor.at) - 48;
  }
  if (count === 0) cursor.at = begin;
  return value * 10 ** Math.max(0, 3 - count);
}

/** `Z`, `UTC`, `+00`, `+0100`, `-06:00`, each after at most one blank; the cursor stays where there is none. */
function readOffset(cursor: Cursor): number | undefined {
  const begin = cursor.at;
  cursor.take(' ');
  const offset = readZulu(cursor) ?? readSigned(cursor);
  const next = cursor.text.charCodeAt(cursor.at);
  // A nil (`-`) in front of an address is no sign of an offset.
  if (offset === undefined || isWord(next) || next === DOT) {
    cursor.at = begin;
    return undefined;
  }
  return offset;
}

function readZulu(cursor: Cursor): number | undefined {
  if (cursor.take('Z') || cursor.take('z')) return 0;
  if (!cursor.text.startsWith('UTC', cursor.at) && !cursor.text.startsWith('GMT', cursor.at)) return undefined;
  cursor.at += 3;
  return 0;
}

function readSigned(cursor: Cursor): number | undefined {
  const sign = cursor.take('+') ? 1 : cursor.take('-') ? -1 : undefined;
  if (sign === undefined) return undefined;
  cursor.take(' ');
  const hours = cursor.digits(2, 2);
  if (hours === undefined || hours > 15) return undefined;
  cursor.take(':');
  const minutes = cursor.digits(2, 2) ?? 0;
  return minutes > 59 ? undefined : sign * (hours * 60 + minutes);
}
