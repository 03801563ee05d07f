import { didYouMean } from '../../base/did-you-mean.ts';
import type { Found } from '../look-up.ts';
import { weaker } from '../look-up.ts';
import { problemAt } from '../problems.ts';
import type { Type } from '../type.ts';
import { ANY, BOOLEAN, canBeEqual, either, INT, inWords, listFields, TEXT } from '../type.ts';
import type { Presence } from '../types.ts';
import type { TextChecker, TextHere } from './check.ts';
import type { HelperName } from './helper-names.ts';
import { HELPERS } from './helper-names.ts';
import type { TextExpr } from './syntax.ts';

type Call = Extract<TextExpr, { readonly kind: 'call' }>;

const SCALARS: readonly Type['kind'][] = ['text', 'int', 'double', 'boolean', 'timestamp', 'duration'];

/** What the first argument of each may be; those that are not named take anything. */
const TAKES: Readonly<Partial<Record<HelperName, readonly Type['kind'][]>>> = {
  count: ['list', 'object'],
  join: ['list'],
  date: ['text', 'timestamp'],
  bytes: ['int', 'double'],
  lower: SCALARS,
  upper: SCALARS,
  truncate: SCALARS,
  defang: SCALARS,
};

/** A helper: its arguments and what it gives. */
export function checkHelper(expr: Call, here: TextHere, checker: TextChecker): Found {
  const found = expr.args.map(arg => checker.find(arg, here));
  const [first, second] = found;
  if (first === undefined) throw new Error('every helper takes a value');
  if (expr.helper === 'default') {
    const other = second ?? first;
    return {
      type: either(first.type, other.type),
      presence: first.presence === 'certain' ? 'certain' : other.presence,
    };
  }
  if (expr.helper === 'optional') {
    const message = 'optional stands alone in a value, for it leaves the input out';
    checker.problems.push(problemAt(expr, 'not-allowed', message, 'in text write {{#if x}}{{x}}{{/if}}'));
    return { ...first, presence: 'certain' };
  }
  checkFirst(expr, first.type, checker);
  checkSecond(expr, first.type, second?.type, checker);
  return { ...first, type: resultOf(expr.helper), presence: presenceOf(expr.helper, found) };
}

function checkFirst(expr: Call, type: Type, checker: TextChecker): void {
  const kinds = TAKES[expr.helper];
  const [argument = expr] = expr.args;
  if (kinds === undefined || type.kind === 'any' || type.kind === 'null' || kinds.includes(type.kind)) return;
  const signature = HELPERS.find(helper => helper.name === expr.helper)?.signature;
  const wanted = kinds === SCALARS ? 'text' : kinds.map(kind => inWords({ kind })).join(' or ');
  const message = `${expr.helper} needs ${wanted}, this is ${inWords(type)}`;
  checker.problems.push(
    problemAt(argument, 'type-mismatch', message, signature === undefined ? undefined : `it is ${signature}`),
  );
}

function checkSecond(expr: Call, first: Type, second: Type | undefined, checker: TextChecker): void {
  const [, argument] = expr.args;
  if (argument === undefined || second === undefined) return;
  if (expr.helper === 'truncate' && second.kind !== 'int' && second.kind !== 'any') {
    checker.problems.push(problemAt(argument, 'type-mismatch', `truncate needs a length, this is ${inWords(second)}`));
  }
  if (expr.helper === 'is' && !canBeEqual(first, second)) {
    const message = `never equal: ${inWords(first)} and ${inWords(second)}`;
    checker.problems.push(problemAt(expr, 'type-mismatch', message));
  }
  if (expr.helper !== 'join') return;
  const properties = first.item?.schema.properties;
  if (argument.kind !== 'literal' || typeof argument.value !== 'string') {
    checker.problems.push(problemAt(argument, 'type-mismatch', 'the field of join is written out, in quotes'));
  } else if (properties !== undefined && !Object.hasOwn(properties, argument.value)) {
    const message = `${argument.value}: its items have no such field${didYouMean(argument.value, Object.keys(properties))}`;
    checker.problems.push(problemAt(argument, 'unknown-reference', message, `fields: ${listFields(properties)}`));
  }
}

function presenceOf(helper: HelperName, found: readonly Found[]): Presence {
  const presence = found.reduce<Presence>((weakest, each) => weaker(weakest, each.presence), 'certain');
  const answersAbsent = helper === 'count' || helper === 'is';
  return answersAbsent && presence === 'maybe-absent' ? 'certain' : presence;
}

function resultOf(helper: HelperName): Type {
  if (helper === 'count') return INT;
  if (helper === 'is') return BOOLEAN;
  return helper === 'default' || helper === 'optional' ? ANY : TEXT;
}
