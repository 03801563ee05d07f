import { double, durationOf, timestampOf, whole } from './arithmetic.ts';
import type { CelFunction } from './function.ts';
import { asValue } from './function.ts';
import {
  formatTimestamp,
  formatWireDuration,
  nanosOfSeconds,
  parseTimestamp,
  parseWireDuration,
  secondsOfNanos,
} from './time.ts';
import type { Held, Kind, Value } from './value.ts';
import { describe, failed, held } from './value.ts';

const GIVES = {
  int: 'int',
  double: 'double',
  string: 'text',
  bool: 'boolean',
  timestamp: 'timestamp',
  duration: 'duration',
} as const;

export const CONVERSIONS: readonly CelFunction[] = [
  conversion(
    'int',
    ['int', 'double', 'text', 'timestamp'],
    'a whole number; of a time the seconds since 1970',
    toWhole,
  ),
  conversion('double', ['double', 'int', 'text'], 'a number with a fraction', toDouble),
  conversion(
    'string',
    ['text', 'int', 'double', 'boolean', 'timestamp', 'duration'],
    'its text; of a time RFC 3339',
    toText,
  ),
  conversion('bool', ['boolean', 'text'], 'true or false, also of the texts "true" and "false"', toBoolean),
  conversion('timestamp', ['timestamp', 'text', 'int'], 'a time from RFC 3339 text or seconds since 1970', toTimestamp),
  conversion('duration', ['duration', 'text'], 'a duration from text such as "90s", "1h" or "7d"', toDuration),
];

function conversion(
  name: keyof typeof GIVES,
  takes: readonly Kind[],
  doc: string,
  convert: (value: Value) => Held | undefined,
): CelFunction {
  return {
    name,
    form: 'function',
    signature: `${name}(${takes.join(', ').replace(/, ([^,]*)$/, ' or $1')}) -> ${GIVES[name]}`,
    doc,
    takes: [takes],
    gives: GIVES[name],
    absent: 'undecided',
    run(args) {
      const value = asValue(args[0]);
      return convert(value) ?? failed(`cannot read ${describe(value)} as ${name}`);
    },
  };
}

function toWhole(value: Value): Held | undefined {
  if (typeof value === 'bigint') return whole(value);
  if (typeof value === 'number')
    return Math.abs(value) < 2 ** 63 ? whole(BigInt(Math.trunc(value))) : failed('overflow');
  if (typeof value === 'string')
    return /^[+-]?\d{1,20}$/.test(value) ? whole(BigInt(value.replace('+', ''))) : undefined;
  if (typeof value === 'object' && value?.kind === 'timestamp') return whole(secondsOfNanos(value.nanos));
  return undefined;
}

function toDouble(value: Value): Held | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return double(Number(value));
  if (typeof value !== 'string' || value.length > 400 || !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value))
    return undefined;
  return double(Number(value));
}

function toText(value: Value): Held | undefined {
  if (typeof value !== 'object') return held(String(value));
  if (value?.kind === 'timestamp') return held(formatTimestamp(value.nanos));
  if (value?.kind === 'duration') return held(formatWireDuration(value.nanos));
  return undefined;
}

// google/cel-spec lists exactly these spellings.
const TRUE: ReadonlySet<string> = new Set(['true', 'True', 'TRUE', 't', '1']);
const FALSE: ReadonlySet<string> = new Set(['false', 'False', 'FALSE', 'f', '0']);

function toBoolean(value: Value): Held | undefined {
  if (typeof value === 'boolean') return held(value);
  if (typeof value !== 'string') return undefined;
  if (TRUE.has(value)) return held(true);
  return FALSE.has(value) ? held(false) : undefined;
}

function toTimestamp(value: Value): Held | undefined {
  if (typeof value === 'bigint') return timestampOf(nanosOfSeconds(value));
  if (typeof value === 'object') return value?.kind === 'timestamp' ? held(value) : undefined;
  const nanos = typeof value === 'string' ? parseTimestamp(value) : undefined;
  return nanos === undefined ? undefined : timestampOf(nanos);
}

function toDuration(value: Value): Held | undefined {
  if (typeof value === 'object') return value?.kind === 'duration' ? held(value) : undefined;
  const nanos = typeof value === 'string' ? parseWireDuration(value) : undefined;
  return nanos === undefined ? undefined : durationOf(nanos);
}
