import { canonical } from '../../base/json.ts';
import { isShallow } from '../depth.ts';
import { double, whole } from './arithmetic.ts';
import type { CelFunction } from './function.ts';
import { asList, asText, asValue, asWhole } from './function.ts';
import type { Held, Value } from './value.ts';
import { describe, failed, held, itemsOf, listOf, toJson } from './value.ts';

const MAX_TEXT_LENGTH = 256 * 1_024;

export const LIST_FUNCTIONS: readonly CelFunction[] = [
  {
    name: 'size',
    form: 'both',
    signature: 'size(list, text or object) -> int',
    doc: 'how many items, characters or fields',
    takes: [['list', 'text', 'object']],
    gives: 'int',
    absent: 'empty',
    run: (args, { budget }) => {
      const value = asValue(args[0]);
      if (typeof value !== 'string') return held(BigInt(sizeOf(value)));
      return budget.spendText(value.length) ? held(BigInt(countCharacters(value))) : failed('too complex');
    },
  },
  {
    name: 'distinct',
    form: 'function',
    signature: 'distinct(list) -> list',
    doc: 'every different item once, in order',
    takes: [['list']],
    gives: 'first',
    absent: 'empty',
    run: (args, { budget }) => {
      const list = asList(args[0]);
      const seen = new Map<string, Value>();
      for (const item of itemsOf(list)) {
        const key = identity(item);
        if (key === undefined || !budget.spendText(key.length)) return failed('too complex');
        if (!seen.has(key)) seen.set(key, item);
      }
      return held(listOf([...seen.values()]));
    },
  },
  {
    name: 'first',
    form: 'function',
    signature: 'first(list, n) -> list',
    doc: 'the first n items, or all when there are fewer',
    takes: [['list'], ['int']],
    gives: 'first',
    absent: 'empty',
    run: (args, { budget }) => {
      const list = asList(args[0]);
      const count = Number(asWhole(args[1]));
      if (count < 0) return failed(`cannot take ${count} items`);
      const length = Math.min(count, list.length);
      if (!budget.spend(length)) return failed('too complex');
      return held(listOf(Array.from({ length }, (_, index) => list.at(index))));
    },
  },
  {
    name: 'sum',
    form: 'function',
    signature: 'sum(list) -> number',
    doc: 'of a list of numbers; 0 when it is empty',
    takes: [['list']],
    gives: 'number',
    absent: 'empty',
    run: (args, { budget }) => sum(itemsOf(asList(args[0])), steps => budget.spend(steps)),
  },
  {
    name: 'join',
    form: 'function',
    signature: 'join(list, ", ") -> text',
    doc: 'the items as one text, with the second argument between them',
    takes: [['list'], ['text']],
    optional: 1,
    gives: 'text',
    absent: 'empty',
    run: (args, { budget }) => {
      const items = itemsOf(asList(args[0]));
      const parts: string[] = [];
      let length = 0;
      for (const item of items) {
        if (typeof item === 'object') return failed(`cannot join ${describe(item)} into text`);
        const part = String(item);
        length += part.length;
        if (length > MAX_TEXT_LENGTH || !budget.spendText(part.length)) return failed('text too long');
        parts.push(part);
      }
      const separator = args[1] === undefined ? ', ' : asText(args[1]);
      if (length + separator.length * parts.length > MAX_TEXT_LENGTH) return failed('text too long');
      return held(parts.join(separator));
    },
  },
];

function sizeOf(value: Value): number {
  if (typeof value === 'object' && value?.kind === 'list') return value.length;
  if (typeof value === 'object' && value?.kind === 'object') return value.keys.length;
  throw new Error(`expected a list or an object, got ${describe(value)}`);
}

function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Equal items have equal text: `1` and `1.0` are one, `"1"` is another. */
function identity(item: Value): string | undefined {
  const json = toJson(item);
  if (json === undefined || !isShallow(json)) return undefined;
  const isTime = typeof item === 'object' && item !== null && (item.kind === 'timestamp' || item.kind === 'duration');
  return `${isTime ? item.kind : ''}${canonical(json)}`;
}

function sum(items: readonly Value[], spend: (steps: number) => boolean): Held {
  if (!spend(items.length)) return failed('too complex');
  let wholes = 0n;
  let doubles = 0;
  let allWhole = true;
  for (const item of items) {
    if (typeof item === 'bigint') wholes += item;
    else if (typeof item === 'number') {
      doubles += item;
      allWhole = false;
    } else return failed(`cannot add up ${describe(item)}`);
  }
  return allWhole ? whole(wholes) : double(doubles + Number(wholes));
}
