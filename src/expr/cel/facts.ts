import type { Expr } from './syntax.ts';
import { chainOf } from './syntax.ts';

/**
 * What is sure at a place in an expression because of what stands before it: after `has(a.b) &&` the paths `a` and
 * `a.b` have a value, after `known(a.b) &&` they are not missing.
 */
export class Facts {
  readonly #present: ReadonlySet<string>;
  readonly #known: ReadonlySet<string>;

  private constructor(present: ReadonlySet<string>, known: ReadonlySet<string>) {
    this.#present = present;
    this.#known = known;
  }

  static readonly NONE = new Facts(new Set(), new Set());

  static present(path: readonly string[]): Facts {
    return new Facts(prefixes(path), new Set());
  }

  static known(path: readonly string[]): Facts {
    return new Facts(new Set(), prefixes(path));
  }

  and(other: Facts): Facts {
    if (other === Facts.NONE) return this;
    if (this === Facts.NONE) return other;
    return new Facts(new Set([...this.#present, ...other.#present]), new Set([...this.#known, ...other.#known]));
  }

  /** Without what is said of a name that now means something else. */
  without(root: string): Facts {
    if (this === Facts.NONE) return this;
    const keep = (keys: ReadonlySet<string>) =>
      new Set([...keys].filter(key => key !== root && !key.startsWith(`${root}\0`)));
    return new Facts(keep(this.#present), keep(this.#known));
  }

  isPresent(path: readonly string[]): boolean {
    return this.#present.has(path.join('\0'));
  }

  isKnown(path: readonly string[]): boolean {
    return this.#known.has(path.join('\0'));
  }
}

function prefixes(path: readonly string[]): Set<string> {
  return new Set(path.map((_, index) => path.slice(0, index + 1).join('\0')));
}

/** What is sure when an expression has turned out true, or false. */
export function assume(expr: Expr, truth: boolean): Facts {
  switch (expr.kind) {
    case 'not':
      return assume(expr.of, !truth);
    case 'and':
    case 'or':
      return truth === (expr.kind === 'and') ? all(expr.parts.map(part => assume(part, truth))) : Facts.NONE;
    case 'binary':
      // A comparison that holds has two values to compare (`!=` one that does not hold); one that was decided knows both.
      return all([
        ...[expr.left, expr.right].map(side => about(side, truth === (expr.operator !== '!='))),
        ended(expr, truth),
      ]);
    case 'call':
      return assumeCall(expr, truth);
    case 'name':
    case 'field':
    case 'index':
      return about(expr, truth);
    default:
      return Facts.NONE;
  }
}

function assumeCall(expr: Extract<Expr, { readonly kind: 'call' }>, truth: boolean): Facts {
  const [first] = expr.args;
  if (expr.receiver !== undefined) return about(expr.receiver, truth);
  if (first === undefined) return Facts.NONE;
  if (expr.name === 'has') return about(first, truth);
  return expr.name === 'known' && truth ? about(first, false) : Facts.NONE;
}

/** What ended `done` has given its output: `outcome.a.status == "done"` says that of `steps.a`, or of `enrich.a`. */
function ended(expr: Extract<Expr, { readonly kind: 'binary' }>, truth: boolean): Facts {
  const [chain, { right }] = [chainOf(expr.left), expr];
  const [id, field, ...more] = chain?.path ?? [];
  const isDone = right.kind === 'literal' && right.value === 'done' && expr.operator === (truth ? '==' : '!=');
  if (chain?.root.name !== 'outcome' || id === undefined || field !== 'status' || more.length > 0 || !isDone)
    return Facts.NONE;
  return Facts.present(['steps', id]).and(Facts.present(['enrich', id]));
}

function about(expr: Expr, isPresent: boolean): Facts {
  const chain = chainOf(expr);
  if (chain === undefined) return Facts.NONE;
  const path = [chain.root.name, ...chain.path];
  return isPresent ? Facts.present(path) : Facts.known(path);
}

/** `known()` is never undecided itself, so that it guards what stands before it too: `&&` and `||` are commutative. */
export function guardOf(expr: Expr, truth: boolean): Facts {
  if (expr.kind === 'not') return guardOf(expr.of, !truth);
  return expr.kind === 'call' && expr.receiver === undefined && expr.name === 'known' && truth
    ? assume(expr, true)
    : Facts.NONE;
}

export function all(facts: readonly Facts[]): Facts {
  return facts.reduce((sum, each) => sum.and(each), Facts.NONE);
}
