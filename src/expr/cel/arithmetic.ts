import type { Budget } from './budget.ts';
import { isDurationInRange, isTimestampInRange } from './time.ts';
import { isNumber } from './comparison.ts';
import type { Held, Value } from './value.ts';
import { describe, failed, held, itemsOf, listOf } from './value.ts';

const MAX_TEXT_LENGTH = 256 * 1_024;
const MAX_LIST_LENGTH = 10_000;

type Arithmetic = '+' | '-' | '*' | '/' | '%';

export function compute(operator: Arithmetic, a: Value, b: Value, budget: Budget): Held {
  if (typeof a === 'bigint' && typeof b === 'bigint') return computeWhole(operator, a, b);
  if (isNumber(a) && isNumber(b)) return computeDouble(operator, Number(a), Number(b));
  if (operator === '+' && typeof a === 'string' && typeof b === 'string') return concatenate(a, b, budget);
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    const result = computeComposite(operator, a, b, budget);
    if (result !== undefined) return result;
  }
  return failed(`cannot compute ${describe(a)} ${operator} ${describe(b)}`);
}

function computeWhole(operator: Arithmetic, a: bigint, b: bigint): Held {
  if ((operator === '/' || operator === '%') && b === 0n) return failed('division by zero');
  switch (operator) {
    case '+':
      return whole(a + b);
    case '-':
      return whole(a - b);
    case '*':
      return whole(a * b);
    case '/':
      return whole(a / b);
    case '%':
      return whole(a % b);
  }
}

/** JSON carries whole numbers up to 2^53 - 1 without loss; beyond that an answer would be silently wrong. */
export function whole(value: bigint): Held {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? held(value)
    : failed('overflow');
}

function computeDouble(operator: Arithmetic, a: number, b: number): Held {
  switch (operator) {
    case '+':
      return double(a + b);
    case '-':
      return double(a - b);
    case '*':
      return double(a * b);
    case '/':
      return b === 0 ? failed('division by zero') : double(a / b);
    case '%':
      return failed('"%" needs whole numbers');
  }
}

/** JSON has neither infinity nor "not a number". */
export function double(value: number): Held {
  return Number.isFinite(value) ? held(value) : failed('overflow');
}

function concatenate(a: string, b: string, budget: Budget): Held {
  if (a.length + b.length > MAX_TEXT_LENGTH) return failed('text too long');
  return budget.spendText(a.length + b.length) ? held(a + b) : failed('too complex');
}

function computeComposite(
  operator: Arithmetic,
  a: Exclude<Value, Scalar>,
  b: Exclude<Value, Scalar>,
  budget: Budget,
): Held | undefined {
  if (a.kind === 'list' && b.kind === 'list' && operator === '+') {
    if (a.length + b.length > MAX_LIST_LENGTH) return failed('list too long');
    return budget.spend(a.length + b.length) ? held(listOf([...itemsOf(a), ...itemsOf(b)])) : failed('too complex');
  }
  if (operator !== '+' && operator !== '-') return undefined;
  const sign = operator === '+' ? 1n : -1n;
  if (a.kind === 'timestamp' && b.kind === 'duration') return timestampOf(a.nanos + sign * b.nanos);
  if (a.kind === 'duration' && b.kind === 'timestamp' && operator === '+') return timestampOf(a.nanos + b.nanos);
  if (a.kind === 'timestamp' && b.kind === 'timestamp' && operator === '-') return durationOf(a.nanos - b.nanos);
  if (a.kind === 'duration' && b.kind === 'duration') return durationOf(a.nanos + sign * b.nanos);
  return undefined;
}

type Scalar = null | boolean | string | bigint | number;

export function timestampOf(nanos: bigint): Held {
  return isTimestampInRange(nanos) ? held({ kind: 'timestamp', nanos }) : failed('overflow');
}

export function durationOf(nanos: bigint): Held {
  return isDurationInRange(nanos) ? held({ kind: 'duration', nanos }) : failed('overflow');
}
