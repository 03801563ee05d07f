import { didYouMean } from '../../base/did-you-mean.ts';
import type { JsonSchema } from '../../base/schema.ts';
import { isTemplate } from '../../expr/expr.ts';
import { fieldAt } from '../event-types.ts';
import type { CheckContext } from '../context.ts';
import type { EventUse } from '../matches.ts';
import { eventUses } from '../matches.ts';
import type { MatchField } from '../playbook.ts';
import type { Check } from './check.ts';
import type { Finding } from '../finding.ts';

/** Values that the event type's schema does not allow, and numbers that contradict each other. */
export const triggerNeverMatches: Check = {
  code: 'trigger-never-matches',
  *run(context) {
    for (const use of eventUses(context)) {
      for (const fields of use.on.match?.any ?? []) {
        for (const field of fields) yield* impossible(use, field, context);
        yield* contradictions(fields);
      }
    }
  },
};

function* impossible({ type }: EventUse, field: MatchField, context: CheckContext): Generator<Finding> {
  const schema = type === undefined ? undefined : fieldAt(type.schema, field.field.split('.'));
  if (schema === undefined || field.modifiers.includes('not')) return;
  for (const [index, value] of field.values.entries()) {
    if (typeof value === 'string' && isTemplate(value)) continue;
    const message = mismatch(field, itemOf(schema), value);
    if (message !== undefined) yield { message, span: context.valueSpanOf(field, index) };
  }
}

/** A list matches if any of its items does. */
function itemOf(schema: JsonSchema): JsonSchema {
  return schema.type === 'array' ? (schema.items ?? {}) : schema;
}

function mismatch(
  { field, modifiers }: MatchField,
  schema: JsonSchema,
  value: MatchField['values'][number],
): string | undefined {
  const isPlain = modifiers.every(modifier => modifier === 'all');
  if (isPlain && schema.enum !== undefined && value !== null) {
    const choices = schema.enum.map(String);
    if (choices.some(choice => matches(choice, String(value)))) return undefined;
    return `${field} is never ${JSON.stringify(value)}${didYouMean(String(value), choices)}; it is one of ${choices.join(', ')}`;
  }
  const isNumber = schema.type === 'number' || schema.type === 'integer';
  if (isPlain && isNumber && typeof value === 'string' && Number.isNaN(Number(value)) && !/[*?]/.test(value)) {
    return `${field} is a number, never ${JSON.stringify(value)}`;
  }
  if (typeof value !== 'number') return undefined;
  const { minimum = -Infinity, maximum = Infinity } = schema;
  if ((isPlain || has(modifiers, 'gte', 'gt')) && (value > maximum || (value === maximum && has(modifiers, 'gt')))) {
    return `${field} is at most ${maximum}`;
  }
  if ((isPlain || has(modifiers, 'lte', 'lt')) && (value < minimum || (value === minimum && has(modifiers, 'lt')))) {
    return `${field} is at least ${minimum}`;
  }
  return undefined;
}

function has(modifiers: MatchField['modifiers'], ...words: MatchField['modifiers'][number][]): boolean {
  return words.some(word => modifiers.includes(word));
}

/** As `match` compares: without case, with `*` and `?`. Both texts are short. */
function matches(choice: string, pattern: string): boolean {
  const [text, glob] = [choice.toLowerCase(), pattern.toLowerCase()];
  let states = new Set([0]);
  for (let index = 0; index < glob.length; index++) {
    const next = new Set<number>();
    for (const at of states) {
      if (glob[index] === '*') for (let end = at; end <= text.length; end++) next.add(end);
      else if (at < text.length && (glob[index] === '?' || glob[index] === text[at])) next.add(at + 1);
    }
    states = next;
  }
  return states.has(text.length);
}

/** `severity|gte: 70` beside `severity|lt: 40`. */
function* contradictions(fields: readonly MatchField[]): Generator<Finding> {
  const ranges = new Map<string, { least: number; most: number }>();
  for (const { field, modifiers, values, span } of fields) {
    const [value] = values;
    if (typeof value !== 'number' || values.length !== 1 || modifiers.includes('not')) continue;
    const range = ranges.get(field) ?? { least: -Infinity, most: Infinity };
    if (has(modifiers, 'gt', 'gte') || modifiers.length === 0) range.least = Math.max(range.least, value);
    if (has(modifiers, 'lt', 'lte') || modifiers.length === 0) range.most = Math.min(range.most, value);
    ranges.set(field, range);
    const isEmpty = range.least > range.most || (range.least === range.most && has(modifiers, 'gt', 'lt'));
    if (isEmpty)
      yield {
        message: `nothing matches: ${field} cannot be both at least ${range.least} and at most ${range.most}`,
        span,
      };
  }
}
