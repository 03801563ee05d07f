import type { Found } from '../look-up.ts';
import { weaker } from '../look-up.ts';
import type { Type } from '../type.ts';
import {
  ANY,
  BOOLEAN,
  canBeEqual,
  DOUBLE,
  DURATION,
  either,
  INT,
  inWords,
  isNumeric,
  TEXT,
  TIMESTAMP,
} from '../type.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { findCaseSensitive } from './case-sensitive.ts';
import type { ExpressionChecker } from './check-expression.ts';
import type { NodeOf } from './syntax.ts';

/** Types, presence and pitfalls of one operator. */
export function checkOperator(expr: NodeOf<'binary'>, left: Found, right: Found, checker: ExpressionChecker): Found {
  switch (expr.operator) {
    case '==':
    case '!=':
      checkEquality(expr, left.type, right.type, checker);
      return { type: BOOLEAN, presence: compared(left, right) };
    case 'in':
      checkMembership(expr, left.type, right.type, checker);
      return { type: BOOLEAN, presence: compared(left, right) };
    case '<':
    case '<=':
    case '>':
    case '>=':
      checkOrder(expr, left.type, right.type, checker);
      return { type: BOOLEAN, presence: compared(left, right) };
    default: {
      const presence = weaker(checker.needsValue(expr.left, left), checker.needsValue(expr.right, right));
      return { type: checkArithmetic(expr, left.type, right.type, checker), presence };
    }
  }
}

/** Comparing with what is absent has an answer. */
function compared(left: Found, right: Found): Found['presence'] {
  return weaker(left.presence, right.presence) === 'maybe-missing' ? 'maybe-missing' : 'certain';
}

function checkEquality(expr: NodeOf<'binary'>, left: Type, right: Type, checker: ExpressionChecker): void {
  const problem = findCaseSensitive(expr, checker.text);
  if (problem !== undefined) checker.problems.push(problem);
  if (!canBeEqual(left, right)) {
    mismatch(expr, `never equal: ${both(expr, left, right, checker)}`, left, right, checker);
    return;
  }
  checkChoice(expr, left, right, checker);
  checkChoice(expr, right, left, checker);
}

/** A value that an enumeration does not have is a slip, and the comparison says the same for every event. */
function checkChoice(expr: NodeOf<'binary'>, of: Type, value: Type, checker: ExpressionChecker): void {
  const { enum: choices } = of.schema;
  const { const: wanted } = value.schema;
  if (choices === undefined || wanted === undefined || choices.includes(wanted)) return;
  const close = nearest(String(wanted), choices.map(String));
  const suggestion = close === undefined ? '' : `; did you mean "${close}"?`;
  const answer = expr.operator === '!=' ? 'true' : 'false';
  checker.say(
    expr,
    'constant',
    `always ${answer}: ${JSON.stringify(wanted)} is not one of its values${suggestion}`,
    `values: ${choices.join(', ')}`,
  );
}

function checkMembership(expr: NodeOf<'binary'>, left: Type, right: Type, checker: ExpressionChecker): void {
  const problem = findCaseSensitive(expr, checker.text);
  if (problem !== undefined) checker.problems.push(problem);
  if (right.kind === 'list') {
    if (!canBeEqual(left, right.item ?? ANY)) {
      checker.say(
        expr,
        'type-mismatch',
        `never in the list: ${checker.textOf(expr.left)} is ${inWords(left)}, its items are ${inWords(right.item ?? ANY)}`,
      );
    }
    return;
  }
  if (right.kind === 'any' || right.kind === 'object') return;
  const hint =
    right.kind === 'text' ? `write ${checker.textOf(expr.right)}.contains(${checker.textOf(expr.left)})` : undefined;
  checker.say(
    expr,
    'type-mismatch',
    `"in" looks into a list, ${checker.textOf(expr.right)} is ${inWords(right)}`,
    hint,
  );
}

const ORDERED: ReadonlySet<Type['kind']> = new Set([
  'int',
  'double',
  'text',
  'boolean',
  'timestamp',
  'duration',
  'any',
]);

function checkOrder(expr: NodeOf<'binary'>, left: Type, right: Type, checker: ExpressionChecker): void {
  if (ORDERED.has(left.kind) && ORDERED.has(right.kind) && canBeEqual(left, right)) return;
  mismatch(expr, `cannot compare: ${both(expr, left, right, checker)}`, left, right, checker);
}

function checkArithmetic(expr: NodeOf<'binary'>, left: Type, right: Type, checker: ExpressionChecker): Type {
  const { operator } = expr;
  if ((operator === '/' || operator === '%') && expr.right.kind === 'literal' && Number(expr.right.value) === 0) {
    checker.say(expr, 'undecided', 'division by zero is always undecided');
  }
  if (left.kind === 'any' || right.kind === 'any') return ANY;
  if (isNumeric(left) && isNumeric(right) && (operator !== '%' || (left.kind === 'int' && right.kind === 'int'))) {
    return left.kind === 'int' && right.kind === 'int' ? INT : DOUBLE;
  }
  if (operator === '+' && left.kind === 'text' && right.kind === 'text') return TEXT;
  if (operator === '+' && left.kind === 'list' && right.kind === 'list') return either(left, right);
  const result = timeArithmetic(operator, left.kind, right.kind);
  if (result !== undefined) return result;
  mismatch(expr, `cannot compute ${operator}: ${both(expr, left, right, checker)}`, left, right, checker);
  return ANY;
}

function timeArithmetic(operator: string, left: Type['kind'], right: Type['kind']): Type | undefined {
  if (operator !== '+' && operator !== '-') return undefined;
  if (left === 'duration' && right === 'duration') return DURATION;
  if (left === 'timestamp' && right === 'duration') return TIMESTAMP;
  if (left === 'duration' && right === 'timestamp' && operator === '+') return TIMESTAMP;
  return left === 'timestamp' && right === 'timestamp' && operator === '-' ? DURATION : undefined;
}

function both(expr: NodeOf<'binary'>, left: Type, right: Type, checker: ExpressionChecker): string {
  return `${checker.textOf(expr.left)} is ${inWords(left)}, ${checker.textOf(expr.right)} is ${inWords(right)}`;
}

/** Times are text in events and answers, which is what is most often forgotten. */
function mismatch(expr: NodeOf<'binary'>, message: string, left: Type, right: Type, checker: ExpressionChecker): void {
  checker.say(expr, 'type-mismatch', message, conversionHint(expr, left, right, checker));
}

function conversionHint(
  expr: NodeOf<'binary'>,
  left: Type,
  right: Type,
  checker: ExpressionChecker,
): string | undefined {
  const text = left.kind === 'text' ? expr.left : right.kind === 'text' ? expr.right : undefined;
  if (text === undefined) return undefined;
  const other = text === expr.left ? right : left;
  const name = checker.textOf(text);
  if (other.kind === 'timestamp' || other.kind === 'duration') {
    const isDuration =
      other.kind === 'duration' || (text.kind === 'literal' && expr.operator !== '==' && /^"?\d+[smhd]/.test(name));
    return `write ${isDuration ? 'duration' : 'timestamp'}(${name})`;
  }
  if (!isNumeric(other)) return undefined;
  if (text.kind !== 'literal') return `write double(${name}), or the number in quotes`;
  return Number.isFinite(Number(text.value)) ? 'write the number without quotes' : undefined;
}
