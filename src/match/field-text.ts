import type { Constants } from './compile.ts';
import { compileValue, isNever } from './compile.ts';
import { satisfied } from './condition.ts';
import type { Filled } from './fill.ts';
import { fillValues } from './fill.ts';
import { holds, readNumber } from './predicate.ts';
import type { Subject } from './subject.ts';
import { fieldPath } from './subject.ts';
import type { MatchField, MatchModifier } from './types.ts';

const MAX_VALUES = 5;
const MAX_LENGTH = 60;

/** What a field of a match wants, for people: `>= 40`, `contains "a" or "b"`, `is not in list "never-block"`. */
export function wantedOf(field: MatchField, constants: Constants): string {
  const values = fillValues(field, constants.params);
  const isNegated = field.modifiers.includes('not');
  const asked = field.modifiers.find(modifier => Object.hasOwn(VERBS, modifier));
  if (asked === 'exists') return (values[0]?.value === true) === isNegated ? 'is not there' : 'is there';
  const [verb, negated] = (asked === undefined ? undefined : VERBS[asked]) ?? ['is', 'is not'];
  const shown = values.slice(0, MAX_VALUES).map(show);
  if (values.length > MAX_VALUES) shown.push(`${values.length - MAX_VALUES} more`);
  const conjunction = field.modifiers.includes('all') ? ' and ' : ' or ';
  return `${isNegated ? negated : verb} ${shown.length === 0 ? 'nothing' : shown.join(conjunction)}`;
}

/** The one reason why a field of a match does not hold. Asked only if it does not. */
export function failureOf(field: MatchField, constants: Constants, subject: Subject): string {
  const has = (modifier: MatchModifier) => field.modifiers.includes(modifier);
  const values = fillValues(field, constants.params);
  const conditions = values.map(value => compileValue(field, value, constants));
  const unread = conditions.findIndex(isNever);
  if (unread >= 0 && (has('not') || has('all') || values.length === 1))
    return `${show(values[unread])} cannot be used here`;
  const { value, items } = subject.field(fieldPath(field.field));
  if (value === undefined) return 'it is not there';
  if (has('exists')) return 'it is there';
  if (has('not')) return values.length === 0 ? 'nothing to compare with' : 'it is';
  if (has('all')) {
    const lacking = conditions.findIndex(condition => !satisfied(condition, predicate => holds(predicate, subject)));
    return `not ${show(values[lacking])}`;
  }
  if (has('gt') || has('gte') || has('lt') || has('lte')) {
    if (!items.some(item => readNumber(item) !== undefined)) return 'it is not a number';
  }
  return items.length === 0 ? 'it is an empty list' : 'it is not';
}

// Of the modifiers of one field, the first of these says what is asked; the others say how.
const VERBS: { readonly [M in MatchModifier]?: readonly [verb: string, negated: string] } = {
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
  fieldref: ['is that of', 'is not that of'],
  exists: ['is there', 'is not there'],
};

function show(filled: Filled | undefined): string {
  if (filled?.value === undefined) return '(no value)';
  const text = JSON.stringify(filled.value);
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`;
}
