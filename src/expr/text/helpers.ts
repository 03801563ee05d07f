import { equal } from '../cel/comparison.ts';
import type { Budget } from '../cel/budget.ts';
import { fieldOf } from '../cel/resolve.ts';
import { shorten } from '../cel/show.ts';
import { formatTimestamp, parseTimestamp } from '../cel/time.ts';
import type { Held, Value } from '../cel/value.ts';
import { ABSENT, failed, held, lacking, toJson } from '../cel/value.ts';
import { isShallow } from '../depth.ts';
import type { HelperName } from './helper-names.ts';

/** What a helper gives. Missing arguments make it missing and absent ones absent, but for those that ask about that. */
export function callHelper(name: HelperName, args: readonly Held[], budget: Budget): Held {
  const [first = ABSENT, second] = args;
  if (name === 'default') return first.state === 'value' && first.value !== null ? first : (second ?? ABSENT);
  if (name === 'optional') return first.state === 'value' && first.value !== null ? first : held('');
  const missing = args.filter(arg => arg.state === 'missing');
  if (missing.length > 0) return lacking(missing);
  if (name === 'is') return held(isEqual(first, second ?? ABSENT, budget));
  if (first.state !== 'value' || first.value === null) return name === 'count' ? held(0n) : ABSENT;
  const option = second?.state === 'value' ? second.value : undefined;
  return transform(name, first.value, option, budget);
}

type Transforming = Exclude<HelperName, 'default' | 'optional' | 'is'>;

function transform(name: Transforming, value: Value, option: Value | undefined, budget: Budget): Held {
  switch (name) {
    case 'count':
      return count(value);
    case 'join':
      return join(value, option, budget);
    case 'json':
      return json(value, budget);
    case 'date':
      return date(value);
    case 'bytes':
      return bytes(value);
    case 'lower':
      return ofText(value, budget, text => text.toLowerCase());
    case 'upper':
      return ofText(value, budget, text => text.toUpperCase());
    case 'truncate':
      return truncate(value, option, budget);
    case 'defang':
      return ofText(value, budget, defang);
  }
}

function isEqual(a: Held, b: Held, budget: Budget): boolean {
  return a.state === 'value' && b.state === 'value' && equal(a.value, b.value, budget);
}

function count(value: Value): Held {
  if (typeof value === 'object' && value?.kind === 'list') return held(BigInt(value.length));
  if (typeof value === 'object' && value?.kind === 'object') return held(BigInt(value.keys.length));
  return failed('count needs a list');
}

function join(value: Value, field: Value | undefined, budget: Budget): Held {
  if (typeof value !== 'object' || value?.kind !== 'list') return failed('join needs a list');
  if (field !== undefined && typeof field !== 'string') return failed('the field of join is a text');
  const parts: string[] = [];
  for (let index = 0; index < value.length; index++) {
    const item = held(value.at(index));
    const part = field === undefined ? item : fieldOf(item, field);
    if (part.state === 'missing') return part;
    if (part.state === 'absent' || part.value === null) continue;
    const text = plainText(part.value);
    if (text === undefined) return failed('join needs a field of each item');
    if (!budget.spendText(text.length)) return failed('too complex');
    parts.push(text);
  }
  return held(parts.join(', '));
}

function json(value: Value, budget: Budget): Held {
  const data = toJson(value);
  const text = data === undefined || !isShallow(data) ? undefined : JSON.stringify(data);
  if (text === undefined) return failed('no JSON form');
  return budget.spendText(text.length) ? held(text) : failed('too complex');
}

function date(value: Value): Held {
  const nanos =
    typeof value === 'string'
      ? parseTimestamp(value)
      : typeof value === 'object' && value?.kind === 'timestamp'
        ? value.nanos
        : undefined;
  return nanos === undefined ? failed('date needs a time') : held(`${formatTimestamp(nanos).slice(0, 16)}Z`);
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

function bytes(value: Value): Held {
  if (typeof value !== 'bigint' && typeof value !== 'number') return failed('bytes needs a number');
  let size = Number(value);
  let unit = 0;
  while (Math.abs(size) >= 999.5 && unit < UNITS.length - 1) {
    size /= 1_000;
    unit++;
  }
  const digits = unit > 0 && Math.abs(size) < 9.95 ? size.toFixed(1).replace(/\.0$/, '') : size.toFixed(0);
  return held(`${digits} ${UNITS[unit]}`);
}

function truncate(value: Value, length: Value | undefined, budget: Budget): Held {
  const most = typeof length === 'bigint' ? Number(length) : length;
  if (typeof most !== 'number' || !(most >= 1)) return failed('truncate needs a length');
  return ofText(value, budget, text => shorten(text, most));
}

function ofText(value: Value, budget: Budget, change: (text: string) => string): Held {
  const text = plainText(value);
  if (text === undefined) return failed('needs text');
  return budget.spendText(text.length) ? held(change(text)) : failed('too complex');
}

/** As analysts write it, so that no program makes a link of it. */
function defang(text: string): string {
  return text
    .replace(/\bh(tt)(ps?:\/\/)/gi, 'hxx$2')
    .replaceAll('.', '[.]')
    .replaceAll('@', '[@]');
}

/** What a value looks like inside a text; undefined for lists and objects, which have no one way to look. */
export function plainText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value === null || value.kind === 'list' || value.kind === 'object') return undefined;
  const json = toJson(value);
  return typeof json === 'string' ? json : undefined;
}
