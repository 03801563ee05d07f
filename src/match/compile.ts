import type { Json, JsonObject } from '../base/json.ts';
import { compilePattern } from '../expr/expr.ts';
import type { Condition } from './condition.ts';
import { junction } from './condition.ts';
import type { Filled } from './fill.ts';
import { fillValues } from './fill.ts';
import { inList } from './lists.ts';
import { isNetwork, readNetworks } from './networks.ts';
import type { NumberOperator, Test } from './predicate.ts';
import { NUMBER_OPERATORS, readNumber } from './predicate.ts';
import { indexOf } from './search.ts';
import type { Place } from './sigma-text.ts';
import { literalText, mapGlob, parseSigmaText, placed, plainText } from './sigma-text.ts';
import type { FieldPath } from './subject.ts';
import { fieldPath } from './subject.ts';
import type { List, Match, MatchField, MatchModifier } from './types.ts';
import { base64Offsets, foldDashes } from './variants.ts';

/** What a match is filled from: constants, so it is compiled once. */
export interface Constants {
  readonly params: JsonObject;
  readonly lists: { readonly [name: string]: List };
}

/** Reads a match. What the loader would have refused matches nothing, and nothing throws. */
export function compileMatch(match: Match, constants: Constants): Condition {
  return junction(
    'any',
    match.any.map(fields =>
      junction(
        'all',
        fields.map(field => compileField(field, constants)),
      ),
    ),
  );
}

/** One field: its values under or, or under and with `all`; the whole negated by `not`. */
export function compileField(field: MatchField, constants: Constants): Condition {
  const parts = fillValues(field, constants.params).map(value => compileValue(field, value, constants));
  // No value at all, as from an empty list in params, is nothing that a field could match: also with `all`.
  const isAll = field.modifiers.includes('all') && parts.length > 0;
  const condition = junction(isAll ? 'all' : 'any', parts);
  if (!field.modifiers.includes('not')) return condition;
  // What cannot be read matches nothing, and its negation must not match everything.
  return parts.find(isNever) ?? { kind: 'not', part: condition };
}

/** One value: usually one predicate, several where a modifier gives it several forms. */
export function compileValue(
  field: MatchField,
  filled: Filled,
  constants: Constants,
  path: FieldPath = fieldPath(field.field),
): Condition {
  const asked = field.modifiers.filter(modifier => modifier !== 'all' && modifier !== 'not').toSorted();
  const parts = testsOf(field.modifiers, filled, constants).map((test, form): Condition => {
    const key = JSON.stringify([path.name, test.kind, asked, filled.value, filled.isLiteral, form]);
    // Two playbooks may mean different lists by one name.
    return { kind: 'ask', question: asked.includes('inlist') ? { path, test } : { key, path, test } };
  });
  return junction('any', parts);
}

/** Whether a condition stands for a value that could not be read. */
export function isNever(condition: Condition): boolean {
  return condition.kind === 'ask' && condition.question.test.kind === 'never';
}

const NEVER: Test = { kind: 'never' };
const PLACES: readonly Exclude<Place, 'whole'>[] = ['contains', 'startswith', 'endswith'];

function testsOf(modifiers: readonly MatchModifier[], filled: Filled, { lists }: Constants): readonly Test[] {
  const { value } = filled;
  const has = (modifier: MatchModifier) => modifiers.includes(modifier);
  const place = PLACES.find(has) ?? 'whole';
  if (value === undefined) return [NEVER];
  if (has('exists')) return [typeof value === 'boolean' ? { kind: 'exists', exists: value } : NEVER];
  if (value === null) return [{ kind: 'null' }];
  const operator = NUMBER_OPERATORS.find(has);
  if (operator !== undefined) return [numberTest(operator, value)];
  const text = String(value);
  if (has('re')) return [filled.isLiteral ? literalPattern(text) : patternTest(text)];
  if (has('cidr')) return [isNetwork(text) ? { kind: 'member', has: readNetworks([text]) } : NEVER];
  if (has('inlist')) {
    return [Object.hasOwn(lists, text) ? { kind: 'member', has: found => inList(lists, found, text) } : NEVER];
  }
  if (has('fieldref')) return [{ kind: 'fieldref', other: fieldPath(text), place }];
  const glob = filled.isLiteral ? literalText(text) : parseSigmaText(text);
  const forms = has('base64offset') ? base64Offsets(plainText(glob)).map(literalText) : [glob];
  if (forms.length === 0) return [NEVER];
  const dashed = has('windash');
  const fold = (part: string) => (dashed ? foldDashes(part.toLowerCase()) : part.toLowerCase());
  return forms.map(form => ({ kind: 'glob', glob: placed(mapGlob(form, fold), place), dashed }));
}

function numberTest(operator: NumberOperator, value: Json): Test {
  const bound = readNumber(value);
  return bound === undefined ? NEVER : { kind: 'number', operator, bound };
}

function patternTest(source: string): Test {
  const compiled = compilePattern(source);
  return 'pattern' in compiled ? { kind: 'pattern', pattern: compiled.pattern } : NEVER;
}

/** Text from an event is no pattern: an attacker would write it. */
function literalPattern(text: string): Test {
  return { kind: 'pattern', pattern: { test: subject => indexOf(subject, text, 0) >= 0 } };
}
