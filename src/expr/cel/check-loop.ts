import type { Found } from '../look-up.ts';
import type { Type } from '../type.ts';
import { ANY, BOOLEAN, inWords, listType, TEXT } from '../type.ts';
import type { ExpressionChecker, Here } from './check-expression.ts';
import { assume } from './facts.ts';
import type { NodeOf } from './syntax.ts';

/** A macro over a list: its body is checked once, with the type of the items for its variable. */
export function checkLoop(expr: NodeOf<'loop'>, here: Here, checker: ExpressionChecker): Found {
  const over = checker.check(expr.over, here);
  const inside = {
    facts: here.facts.without(expr.variable),
    locals: new Map([...here.locals, [expr.variable, itemType(expr, over.type, checker)]]),
  };
  const where = expr.where === undefined ? undefined : checker.truth(expr.where, inside);
  const known =
    where === undefined || expr.where === undefined
      ? inside
      : { ...inside, facts: inside.facts.and(assume(expr.where, true)) };
  const body = expr.macro === 'map' ? checker.check(expr.body, known) : checker.truth(expr.body, known);
  const isKnown = [over, body, ...(where === undefined ? [] : [where])].every(
    part => part.presence !== 'maybe-missing',
  );
  const type = expr.macro === 'map' ? listType(body.type) : expr.macro === 'filter' ? over.type : BOOLEAN;
  return { type: type.kind === 'object' ? listType(TEXT) : type, presence: isKnown ? 'certain' : 'maybe-missing' };
}

function itemType(expr: NodeOf<'loop'>, over: Type, checker: ExpressionChecker): Type {
  if (over.kind === 'list') return over.item ?? ANY;
  if (over.kind === 'object') return TEXT;
  if (over.kind !== 'any')
    checker.say(
      expr.over,
      'type-mismatch',
      `${expr.macro} goes over a list, ${checker.textOf(expr.over)} is ${inWords(over)}`,
    );
  return ANY;
}
