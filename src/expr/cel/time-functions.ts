import type { CelFunction } from './function.ts';
import { asText, asValue } from './function.ts';
import type { CalendarTime } from './calendar.ts';
import { calendarTime } from './calendar.ts';
import type { Value } from './value.ts';
import { failed, held, kindOf } from './value.ts';

/** CEL's accessors; with the name of a zone they give wall-clock time there, else UTC. */
export const TIME_FUNCTIONS: readonly CelFunction[] = [
  date('getFullYear', 'the year', time => time.year),
  date('getMonth', 'the month, 0 to 11', time => time.month - 1),
  date('getDate', 'the day of the month, 1 to 31', time => time.day),
  date('getDayOfMonth', 'the day of the month, 0 to 30', time => time.day - 1),
  date('getDayOfWeek', 'the day of the week, 0 (Sunday) to 6', time => time.weekday),
  date('getDayOfYear', 'the day of the year, 0 to 365', time => time.yearday - 1),
  clock(
    'getHours',
    'the hour; of a duration all its hours',
    time => time.hour,
    nanos => nanos / 3_600_000_000_000n,
  ),
  clock(
    'getMinutes',
    'the minute; of a duration all its minutes',
    time => time.minute,
    nanos => nanos / 60_000_000_000n,
  ),
  clock(
    'getSeconds',
    'the second; of a duration all its seconds',
    time => time.second,
    nanos => nanos / 1_000_000_000n,
  ),
  clock(
    'getMilliseconds',
    'the milliseconds beyond the second',
    time => time.millisecond,
    nanos => (nanos / 1_000_000n) % 1_000n,
  ),
];

function date(name: string, doc: string, read: (time: CalendarTime) => number): CelFunction {
  return {
    name,
    form: 'method',
    signature: `timestamp.${name}("zone"?) -> int`,
    doc,
    takes: [['timestamp'], ['text']],
    optional: 1,
    gives: 'int',
    absent: 'undecided',
    run: args => readCalendar(args, read),
  };
}

function clock(
  name: string,
  doc: string,
  read: (time: CalendarTime) => number,
  measure: (nanos: bigint) => bigint,
): CelFunction {
  return {
    ...date(name, doc, read),
    takes: [['timestamp', 'duration'], ['text']],
    run(args) {
      const value = asValue(args[0]);
      if (typeof value === 'object' && value?.kind === 'duration') return held(measure(value.nanos));
      return readCalendar(args, read);
    },
  };
}

function readCalendar(args: readonly Value[], read: (time: CalendarTime) => number) {
  const value = asValue(args[0]);
  if (typeof value !== 'object' || value?.kind !== 'timestamp')
    throw new Error(`expected a time, got ${kindOf(value)}`);
  const zone = args[1] === undefined ? 'UTC' : asText(args[1]);
  const time = calendarTime(value.nanos, zone);
  return time === undefined ? failed(`no time zone "${zone.slice(0, 64)}"`) : held(BigInt(read(time)));
}
