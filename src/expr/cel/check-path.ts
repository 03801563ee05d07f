import type { Found, Segment } from '../look-up.ts';
import { lookUp, weaker } from '../look-up.ts';
import { problemAt } from '../problems.ts';
import { ANY, inWords } from '../type.ts';
import type { ExprProblem } from '../types.ts';
import type { ExpressionChecker, Here } from './check-expression.ts';
import { Facts } from './facts.ts';
import type { Expr } from './syntax.ts';
import { segmentOf } from './syntax.ts';

/** After a mistake nothing more is said of what follows. */
const UNTOLD: Found = { type: ANY, presence: 'certain' };

/** A reference: what it leads to, whether it is there, and what is wrong with its names. */
export function checkPath(expr: Expr, here: Here, checker: ExpressionChecker): Found {
  const path = segmentsOf(expr);
  if (path === undefined) return checkComputed(expr, here, checker);
  const { facts, locals } = here;
  const found = lookUp(path, {
    scope: checker.scope,
    facts,
    locals,
    variable: text =>
      checker.variable(
        text,
        [...locals.keys()].reduce((left, name) => left.without(name), facts),
      ),
  });
  if ('code' in found) {
    checker.problems.push(withHyphenHint(found, path, checker.text));
    return UNTOLD;
  }
  if (found.presence === 'maybe-missing') sayMayBeMissing(expr, found, checker);
  return found;
}

function sayMayBeMissing(expr: Expr, found: Found, checker: ExpressionChecker): void {
  const name = checker.textOf(expr);
  const guard = found.guard ?? name;
  const reason = found.because === undefined ? '' : `: ${found.because}`;
  checker.undecided.push(
    problemAt(
      expr,
      'undecided',
      `${name} may not be known${reason}`,
      `write known(${guard}) && …, or fallback(${name}, …)`,
    ),
  );
}

/** `enrich.file-info.score` subtracts; whoever wrote it meant a name. */
function withHyphenHint(problem: ExprProblem, path: readonly Segment[], text: string): ExprProblem {
  const start = path[0]?.start ?? problem.start;
  const before = /([A-Za-z_]\w*)-$/.exec(text.slice(Math.max(0, start - 64), start))?.[1];
  const after = /^-([A-Za-z_]\w*)/.exec(text.slice(problem.end, problem.end + 64))?.[1];
  if (before === undefined && after === undefined) return problem;
  const [left, right] = before === undefined ? [path.at(-1)?.name, after] : [before, path[0]?.name];
  return {
    ...problem,
    hint: `"${left}-${right}" is a subtraction: ids have no hyphens, and a field with one is read as x["${left}-${right}"]`,
  };
}

/** A path with a computed part: `xs[0].name`, `f(x).name`, `event.raw[key]`. */
function checkComputed(expr: Expr, here: Here, checker: ExpressionChecker): Found {
  if (expr.kind === 'field') {
    const of = checker.check(expr.of, here);
    const field = { name: expr.field, start: expr.fieldStart, end: expr.fieldStart + expr.field.length };
    const base = { name: checker.textOf(expr.of), start: expr.of.start, end: expr.of.end };
    const around = {
      scope: checker.scope,
      facts: Facts.NONE,
      locals: new Map([[base.name, of.type]]),
      variable: () => UNTOLD,
    };
    const found = lookUp([base, field], around);
    if (!('code' in found)) return { ...of, type: found.type, presence: weaker(of.presence, found.presence) };
    checker.problems.push(found);
    return UNTOLD;
  }
  if (expr.kind !== 'index') throw new Error('a name is always a path');
  const of = checker.check(expr.of, here);
  const index = checker.check(expr.index, here);
  const presence = weaker(of.presence, checker.needsValue(expr.index, index));
  if (of.type.kind === 'list') {
    if (index.type.kind !== 'int' && index.type.kind !== 'any') {
      checker.say(expr.index, 'type-mismatch', `a list position is a whole number, this is ${inWords(index.type)}`);
    }
    return { ...of, type: of.type.item ?? ANY, presence };
  }
  if (of.type.kind !== 'any' && of.type.kind !== 'object') {
    checker.say(expr, 'type-mismatch', `${checker.textOf(expr.of)} is ${inWords(of.type)} and has no items`);
  }
  return { ...of, type: ANY, presence: weaker(presence, 'maybe-absent') };
}

/** The names of a chain with their places. */
function segmentsOf(expr: Expr): Segment[] | undefined {
  const segments: Segment[] = [];
  let current = expr;
  for (;;) {
    if (current.kind === 'name')
      return [{ name: current.name, start: current.start, end: current.end }, ...segments.toReversed()];
    const segment = segmentOf(current);
    if (segment === undefined) return undefined;
    segments.push({
      name: segment.name,
      start: segment.start,
      end: current.kind === 'field' ? segment.start + segment.name.length : current.end - 1,
    });
    current = segment.of;
  }
}
