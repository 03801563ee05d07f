import { foreignFunction } from '../foreign.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { isInNetwork } from '../address.ts';
import type { Found } from '../look-up.ts';
import { weaker } from '../look-up.ts';
import { compilePattern } from '../pattern.ts';
import type { Type } from '../type.ts';
import { ANY, BOOLEAN, DOUBLE, DURATION, either, INT, inWords, listType, TEXT, TIMESTAMP } from '../type.ts';
import type { Presence } from '../types.ts';
import type { ExpressionChecker, Here } from './check-expression.ts';
import { evaluate } from './decide.ts';
import type { CelFunction } from './function.ts';
import { FUNCTIONS, FUNCTIONS_BY_NAME } from './functions.ts';
import type { Expr, NodeOf } from './syntax.ts';

type Call = NodeOf<'call'>;

/** A call of a function or a guard: its name, its arguments, and what must be written out. */
export function checkCall(expr: Call, here: Here, checker: ExpressionChecker): Found {
  if (expr.receiver === undefined && (expr.name === 'has' || expr.name === 'known' || expr.name === 'fallback')) {
    return checkGuard(expr, here, checker);
  }
  const parts = expr.receiver === undefined ? expr.args : [expr.receiver, ...expr.args];
  const found = parts.map(part => checker.check(part, here));
  const called = FUNCTIONS_BY_NAME.get(expr.name);
  if (called === undefined || called.form === (expr.receiver === undefined ? 'method' : 'function')) {
    sayUnknown(expr, called, checker);
    return { type: ANY, presence: 'certain' };
  }
  const { takes, optional = 0, signature } = called;
  if (parts.length > takes.length || parts.length < takes.length - optional) {
    checker.say(expr, 'type-mismatch', `wrong number of values for ${expr.name}`, `it is ${signature}`);
    return { type: resultOf(called, found), presence: 'certain' };
  }
  const isWrong = found.map((each, index) => !accepts(called, index, each.type)).includes(true);
  found.forEach((each, index) => checkArgument(called, index, each.type, parts[index], checker));
  if (!isWrong) checkWrittenOut(expr, parts, checker);
  return { type: resultOf(called, found), presence: presenceOf(called, parts, found, checker) };
}

function checkGuard(expr: Call, here: Here, checker: ExpressionChecker): Found {
  const [first, second] = expr.args;
  const wanted = expr.name === 'fallback' ? 2 : 1;
  if (first === undefined || expr.args.length !== wanted) {
    checker.say(expr, 'type-mismatch', `${expr.name} takes ${wanted === 1 ? 'one value' : 'two values'}`);
    return { type: expr.name === 'fallback' ? ANY : BOOLEAN, presence: 'certain' };
  }
  if (expr.name === 'fallback') {
    const asked = checker.asked(first, here);
    const other = second === undefined ? asked : checker.check(second, here);
    return {
      type: either(asked.type, other.type),
      presence: asked.presence === 'certain' ? 'certain' : other.presence,
    };
  }
  const isReference = first.kind === 'name' || first.kind === 'field' || first.kind === 'index';
  if (expr.name === 'has' && !isReference)
    checker.say(first, 'type-mismatch', 'has asks about a reference, such as event.file.name');
  const asked = expr.name === 'has' ? checker.check(first, here) : checker.asked(first, here);
  return {
    type: BOOLEAN,
    presence: expr.name === 'has' && asked.presence === 'maybe-missing' ? 'maybe-missing' : 'certain',
  };
}

function sayUnknown(expr: Call, called: CelFunction | undefined, checker: ExpressionChecker): void {
  const documented = FUNCTIONS.find(each => each.name === (called?.name ?? expr.name));
  if (documented !== undefined) {
    checker.say(expr, 'unknown-function', `${expr.name} is written otherwise`, `it is ${documented.signature}`);
    return;
  }
  const foreign = foreignFunction(expr.name);
  if (foreign !== undefined) {
    checker.say(expr, 'unknown-function', `no function "${expr.name}"`, foreign);
    return;
  }
  const names = FUNCTIONS.map(each => each.name);
  const close = nearest(expr.name, names);
  const suggestion = close === undefined ? '' : `; did you mean "${close}"?`;
  const signature = FUNCTIONS.find(each => each.name === close)?.signature;
  checker.say(
    expr,
    'unknown-function',
    `no function "${expr.name}"${suggestion}`,
    signature === undefined ? `functions: ${names.join(', ')}` : `it is ${signature}`,
  );
}

function accepts(called: CelFunction, index: number, type: Type): boolean {
  const kinds = called.takes[index];
  return type.kind === 'any' || kinds === 'any' || kinds === undefined || kinds.includes(type.kind);
}

function checkArgument(
  called: CelFunction,
  index: number,
  type: Type,
  part: Expr | undefined,
  checker: ExpressionChecker,
): void {
  const kinds = called.takes[index];
  if (part === undefined || kinds === undefined || kinds === 'any' || accepts(called, index, type)) return;
  const wanted = kinds.map(kind => inWords({ kind })).join(' or ');
  const isTime = type.kind === 'text' && kinds.includes('timestamp');
  const hint = isTime ? `write timestamp(${checker.textOf(part)})` : `it is ${called.signature}`;
  checker.say(part, 'type-mismatch', `${called.name} needs ${wanted}, this is ${inWords(type)}`, hint);
}

/** Names of lists and patterns are read by reviewers, so they stand there as they are (LANGUAGE 1, rule 5). */
function checkWrittenOut(expr: Call, parts: readonly Expr[], checker: ExpressionChecker): void {
  const [, second] = parts;
  if (expr.name === 'in_list' && second !== undefined) checkListName(second, checker);
  else if (expr.name === 'matches' && second !== undefined) checkPattern(second, checker);
  else if (expr.name === 'in_cidr' && second?.kind === 'literal') checkNetwork(second, checker);
  else if (
    expr.args.length > 0 &&
    expr.args.every(arg => arg.kind === 'literal') &&
    (expr.receiver ?? expr.args[0])?.kind === 'literal'
  ) {
    const { result } = evaluate(checker.textOf(expr), { get: () => undefined, inList: () => false, now: 0 });
    if (result.state === 'missing' && result.why !== undefined) checker.say(expr, 'type-mismatch', result.why);
  }
}

function checkListName(name: Expr, checker: ExpressionChecker): void {
  if (name.kind !== 'literal' || typeof name.value !== 'string') {
    checker.say(name, 'computed-name', 'the name of a list is written out, in quotes');
    return;
  }
  const { lists } = checker.scope;
  if (lists.has(name.value)) return;
  const close = nearest(name.value, lists);
  const suggestion = close === undefined ? '' : `; did you mean "${close}"?`;
  const hint =
    lists.size === 0 ? 'there are no lists: they are files lists/<name>.yaml' : `lists: ${[...lists].join(', ')}`;
  checker.say(name, 'unknown-list', `no list "${name.value}"${suggestion}`, hint);
}

function checkNetwork(network: NodeOf<'literal'>, checker: ExpressionChecker): void {
  const { value } = network;
  if (typeof value !== 'string' || isInNetwork('0.0.0.0', value) !== undefined) return;
  checker.say(network, 'type-mismatch', 'not a network', 'a network is an address with a length, such as 10.0.0.0/8');
}

function checkPattern(pattern: Expr, checker: ExpressionChecker): void {
  if (pattern.kind !== 'literal' || typeof pattern.value !== 'string') {
    checker.say(pattern, 'bad-pattern', 'a pattern is written out, in quotes');
    return;
  }
  const compiled = compilePattern(pattern.value);
  if ('pattern' in compiled) return;
  // Without escapes the literal holds the pattern as it is, and the place within it can be told.
  const offset = checker.textOf(pattern).indexOf(pattern.value);
  const start = pattern.start + offset;
  const place = offset < 0 ? pattern : { start: start + compiled.start, end: start + compiled.end };
  checker.say(place, 'bad-pattern', compiled.message, compiled.hint);
}

function presenceOf(
  called: CelFunction,
  parts: readonly Expr[],
  found: readonly Found[],
  checker: ExpressionChecker,
): Presence {
  let presence: Presence = 'certain';
  for (const [index, each] of found.entries()) {
    const part = parts[index];
    const needsValue = called.absent === 'undecided' || (index > 0 && called.absent !== 'false');
    const own = needsValue && part !== undefined ? checker.needsValue(part, each) : each.presence;
    const isAnswered = own === 'maybe-absent' && called.absent !== 'absent';
    presence = weaker(presence, isAnswered ? 'certain' : own);
  }
  return presence;
}

function resultOf(called: CelFunction, [first]: readonly Found[]): Type {
  switch (called.gives) {
    case 'boolean':
      return BOOLEAN;
    case 'text':
      return TEXT;
    case 'int':
      return INT;
    case 'double':
    case 'number':
      return first?.type.item?.kind === 'int' ? INT : DOUBLE;
    case 'timestamp':
      return TIMESTAMP;
    case 'duration':
      return DURATION;
    case 'list':
      return listType(ANY);
    case 'first':
      return first?.type.kind === 'list' ? first.type : listType(ANY);
  }
}
