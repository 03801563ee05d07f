import type { Budget } from './budget.ts';
import type { Held, List, Struct, Value } from './value.ts';
import { describe, failed, held } from './value.ts';

const MAX_DEPTH = 64;

/** Values of different kinds are not equal; whole and other numbers are one kind. */
export function equal(a: Value, b: Value, budget: Budget, depth = 0): boolean {
  if (depth > MAX_DEPTH) budget.exhaust();
  if (!budget.spend()) return false;
  if (typeof a === 'bigint' && typeof b === 'number') return isSameNumber(a, b);
  if (typeof a === 'number' && typeof b === 'bigint') return isSameNumber(b, a);
  if (typeof a === 'string' && typeof b === 'string') return budget.spendText(a.length) && a === b;
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return a === b;
  if (a.kind === 'list') return b.kind === 'list' && equalLists(a, b, budget, depth);
  if (a.kind === 'object') return b.kind === 'object' && equalStructs(a, b, budget, depth);
  return (b.kind === 'timestamp' || b.kind === 'duration') && a.kind === b.kind && a.nanos === b.nanos;
}

function equalLists(a: List, b: List, budget: Budget, depth: number): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) {
    if (!equal(a.at(index), b.at(index), budget, depth + 1)) return false;
  }
  return true;
}

function equalStructs(a: Struct, b: Struct, budget: Budget, depth: number): boolean {
  const keys = a.keys;
  if (!budget.spend(keys.length) || keys.length !== b.keys.length) return false;
  return keys.every(key => {
    const [left, right] = [a.get(key), b.get(key)];
    return left.state === 'value' && right.state === 'value' && equal(left.value, right.value, budget, depth + 1);
  });
}

function isSameNumber(whole: bigint, other: number): boolean {
  return Number.isInteger(other) && BigInt(other) === whole;
}

export function contains(item: Value, whole: Value, budget: Budget): Held {
  if (typeof whole === 'object' && whole?.kind === 'list') {
    for (let index = 0; index < whole.length; index++) if (equal(item, whole.at(index), budget)) return held(true);
    return held(false);
  }
  if (typeof whole === 'object' && whole?.kind === 'object') {
    if (typeof item !== 'string') return held(false);
    const field = whole.get(item);
    return field.state === 'missing' ? field : held(field.state === 'value');
  }
  return failed(`"in" looks into a list or an object, not into ${describe(whole)}`);
}

export function order(operator: '<' | '<=' | '>' | '>=', a: Value, b: Value, budget: Budget): Held {
  const sign = compare(a, b, budget);
  if (sign === undefined) return failed(`cannot compare ${describe(a)} with ${describe(b)}`);
  switch (operator) {
    case '<':
      return held(sign < 0);
    case '<=':
      return held(sign <= 0);
    case '>':
      return held(sign > 0);
    case '>=':
      return held(sign >= 0);
  }
}

function compare(a: Value, b: Value, budget: Budget): number | undefined {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'string' && typeof b === 'string') return budget.spendText(a.length) ? compareText(a, b) : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a !== 'object' || a === null || typeof b !== 'object' || b === null) return undefined;
  if ((a.kind === 'timestamp' && b.kind === 'timestamp') || (a.kind === 'duration' && b.kind === 'duration')) {
    return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
  }
  return undefined;
}

/** By code point, as CEL has it: UTF-16 order would put an emoji before U+FF5E. */
function compareText(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a.charCodeAt(index) === b.charCodeAt(index)) index++;
  // Step back to the beginning of a surrogate pair of which only the second half differs.
  if (index > 0 && isLowSurrogate(a.charCodeAt(index)) && isLowSurrogate(b.charCodeAt(index))) index--;
  return (a.codePointAt(index) ?? -1) - (b.codePointAt(index) ?? -1);
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

export function isNumber(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}
