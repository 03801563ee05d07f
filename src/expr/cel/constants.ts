import { problemAt } from '../problems.ts';
import type { ExprProblem } from '../types.ts';
import { decide } from './decide.ts';
import { referencesOf } from './references.ts';
import type { Expr } from './syntax.ts';

/** Parts of a condition that ask about nothing, and so always answer the same. */
export function findConstants(expr: Expr, text: string): ExprProblem[] {
  if (expr.kind === 'and' || expr.kind === 'or') return expr.parts.flatMap(part => findConstants(part, text));
  if (referencesOf(expr).length > 0) return [];
  const decision = decide(text.slice(expr.start, expr.end), NOTHING);
  if (!decision.decided) return [];
  return [problemAt(expr, 'constant', `always ${decision.holds}: it asks about nothing`)];
}

const NOTHING = { get: () => undefined, inList: () => false, now: 0 };
