import { parseCel } from '../expr/cel/parse.ts';
import type { Expr } from '../expr/cel/syntax.ts';
import { chainOf } from '../expr/cel/syntax.ts';

/** What is known of references once a condition has been found to hold. */
export interface Facts {
  /** They have a value. */
  readonly present: readonly Path[];
  /** They are not missing, but may be absent. */
  readonly known: readonly Path[];
  /** Ids of steps and enrichments whose outcome is `done`. */
  readonly done: readonly string[];
}
type Path = readonly string[];

/**
 * Reads the parts of a condition that must all hold: `has(x)`, `known(x)`, `outcome.a.status == "done"`, and comparisons,
 * which do not hold for what is absent or missing. `vars` gives the text of a variable.
 */
export function factsOf(condition: string, vars: (id: string) => string | undefined): Facts {
  const facts = { present: [] as Path[], known: [] as Path[], done: [] as string[] };
  const seen = new Set<string>();
  const read = (text: string): void => {
    const parsed = parseCel(text);
    if (parsed.kind === 'parsed') learn(parsed.expr);
  };
  const learn = (expr: Expr): void => {
    if (expr.kind === 'and') expr.parts.forEach(learn);
    else if (expr.kind === 'call' && expr.receiver === undefined) learnCall(expr.name, expr.args[0]);
    else if (expr.kind === 'binary') learnComparison(expr);
    else {
      const path = pathOf(expr);
      if (path === undefined) return;
      facts.present.push(path);
      const [root, id] = path;
      const text = root === 'vars' && id !== undefined && path.length === 2 ? vars(id) : undefined;
      if (text === undefined || id === undefined || seen.has(id)) return;
      seen.add(id);
      read(text);
    }
  };
  const learnCall = (name: string, argument: Expr | undefined): void => {
    const path = argument === undefined ? undefined : pathOf(argument);
    if (path === undefined) return;
    if (name === 'has') facts.present.push(path);
    if (name === 'known') facts.known.push(path);
  };
  const learnComparison = (expr: Extract<Expr, { readonly kind: 'binary' }>): void => {
    if (!COMPARISONS.has(expr.operator)) return;
    for (const side of [expr.left, expr.right]) {
      const path = pathOf(side);
      if (path !== undefined) facts.present.push(path);
    }
    const [root, id, field] = pathOf(expr.left) ?? [];
    const isDone = expr.operator === '==' && expr.right.kind === 'literal' && expr.right.value === 'done';
    if (root === 'outcome' && id !== undefined && field === 'status' && isDone) facts.done.push(id);
  };
  read(condition);
  return facts;
}

/** All but `!=`, which holds for what is absent. */
const COMPARISONS: ReadonlySet<string> = new Set(['==', '<', '<=', '>', '>=', 'in']);

function pathOf(expr: Expr): Path | undefined {
  const chain = chainOf(expr);
  return chain === undefined ? undefined : [chain.root.name, ...chain.path];
}
