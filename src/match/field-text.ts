import type { Json } from '../base/json.ts';
import type { Constants } from './compile.ts';
import { compileValue, isNever } from './compile.ts';
import { satisfied } from './condition.ts';
import type { Filled } from './fill.ts';
import { fillValues } from './fill.ts';
import { NUMBER_OPERATORS, holds, readNumber } from './predicate.ts';
import type { Subject } from './subject.ts';
import { fieldPath } from './subject.ts';
import type { MatchField, MatchModifier } from './types.ts';

const MAX_VALUES = 5;
const MAX_LENGTH = 60;

/** What a field of a match wants, for people: `>= 40`, `contains "a" or "b"`, `is not in list "never-block"`. */
export function wantedOf(field: MatchField, constants: Constants, subject: Subject): string {
  return phrase(field, fillValues(field, constants.params), field.modifiers.includes('not'), subject);
}

/** The one reason why a field of a match does not hold: `50.6 is not >= 60`. Asked only if it does not. */
export function failureOf(field: MatchField, constants: Constants, subject: Subject): string {
  const has = (modifier: MatchModifier) => field.modifiers.includes(modifier);
  const values = fillValues(field, constants.params);
  const unread = values.find(value => isNever(compileValue(field, value, constants)));
  if (unread !== undefined && (has('not') || values.length === 1)) return `${show(unread)} cannot be used here`;
  const { value, items } = subject.field(fieldPath(field.field));
  if (value === undefined) return 'is not there';
  if (has('exists')) return 'is there';
  if (NUMBER_OPERATORS.some(has) && !items.some(item => readNumber(item) !== undefined)) {
    return `${showJson(value)} is not a number`;
  }
  const passes = (wanted: Filled) =>
    satisfied(compileValue(field, wanted, constants), predicate => holds(predicate, subject));
  // Of several values only those that decided.
  const decisive = has('not') ? values.filter(passes) : values.filter(wanted => !passes(wanted));
  return `${showJson(value)} ${phrase(field, decisive, !has('not'), subject)}`;
}

function phrase(field: MatchField, values: readonly Filled[], isNegated: boolean, subject: Subject): string {
  const has = (modifier: MatchModifier) => field.modifiers.includes(modifier);
  if (has('exists')) return (values[0]?.value === true) === isNegated ? 'is not there' : 'is there';
  const asked = field.modifiers.find(modifier => Object.hasOwn(VERBS, modifier));
  const [positive, negative] = (asked === undefined ? undefined : VERBS[asked]) ?? ['is', 'is not'];
  const shown = values.slice(0, MAX_VALUES).map(has('fieldref') ? value => showField(value, subject) : show);
  if (values.length > MAX_VALUES) shown.push(`${values.length - MAX_VALUES} more`);
  const list = shown.length === 0 ? '(no value)' : shown.join(has('all') ? ' and ' : ' or ');
  return `${isNegated ? negative : positive} ${list}${has('base64offset') ? ' in base64' : ''}${has('windash') ? ' with any dash' : ''}`;
}

/** What is asked of a field; the other modifiers say how. */
const VERBS: { readonly [M in MatchModifier]?: readonly [positive: string, negative: string] } = {
  contains: ['contains', 'does not contain'],
  startswith: ['starts with', 'does not start with'],
  endswith: ['ends with', 'does not end with'],
  re: ['matches', 'does not match'],
  cidr: ['is in', 'is not in'],
  inlist: ['is in list', 'is not in list'],
  gt: ['>', 'is not >'],
  gte: ['>=', 'is not >='],
  lt: ['<', 'is not <'],
  lte: ['<=', 'is not <='],
};

function show({ value }: Filled): string {
  return value === undefined ? '(no value)' : showJson(value);
}

function showField({ value }: Filled, subject: Subject): string {
  const name = String(value);
  const { value: found } = subject.field(fieldPath(name));
  return `${name} (${found === undefined ? 'not there' : showJson(found)})`;
}

function showJson(value: Json): string {
  const text = JSON.stringify(value);
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}
