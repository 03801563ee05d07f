import type { Reference } from '../types.ts';
import type { Expr } from './syntax.ts';
import { chainOf } from './syntax.ts';

/** Functions whose first argument is asked about, not relied on. */
const GUARDS: ReadonlySet<string> = new Set(['has', 'known', 'fallback']);

/** The paths that an expression reads, in order; items of macros are not among them. */
export function referencesOf(expr: Expr): Reference[] {
  const found: Reference[] = [];
  collect(expr, { found, locals: new Set(), guarded: false });
  return found;
}

interface Search {
  readonly found: Reference[];
  readonly locals: ReadonlySet<string>;
  readonly guarded: boolean;
}

function collect(expr: Expr, search: Search): void {
  const { path, base, computed } = split(expr);
  for (const index of computed) collect(index, { ...search, guarded: false });
  if (base.kind === 'name') {
    if (search.locals.has(base.name)) return;
    search.found.push({ path: [base.name, ...path], start: expr.start, end: expr.end, guarded: search.guarded });
    return;
  }
  const inner = base === expr ? search : { ...search, guarded: false };
  if (base.kind === 'loop') {
    collect(base.over, inner);
    const body = { ...inner, locals: new Set([...inner.locals, base.variable]), guarded: false };
    if (base.where !== undefined) collect(base.where, body);
    collect(base.body, body);
    return;
  }
  for (const [index, child] of childrenOf(base).entries()) {
    const isAsked = base.kind === 'call' && base.receiver === undefined && index === 0 && GUARDS.has(base.name);
    collect(child, { ...inner, guarded: isAsked });
  }
}

/** `a.xs[0].b[i]` is the path `xs b` on `a`, with the computed index `i`. */
function split(expr: Expr): {
  readonly path: readonly string[];
  readonly base: Expr;
  readonly computed: readonly Expr[];
} {
  const chain = chainOf(expr);
  if (chain !== undefined) return { path: chain.path, base: chain.root, computed: [] };
  const path: string[] = [];
  const computed: Expr[] = [];
  let base = expr;
  for (;;) {
    if (base.kind === 'field') {
      path.push(base.field);
      base = base.of;
    } else if (base.kind === 'index') {
      if (base.index.kind === 'literal' && typeof base.index.value === 'string') path.push(base.index.value);
      else if (base.index.kind !== 'literal') computed.push(base.index);
      base = base.of;
    } else return { path: path.toReversed(), base, computed };
  }
}

/** The direct parts of an expression, in the order they are written. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'field':
    case 'not':
    case 'negate':
      return [expr.of];
    case 'index':
      return [expr.of, expr.index];
    case 'list':
      return expr.items;
    case 'map':
      return expr.entries.flat();
    case 'and':
    case 'or':
      return expr.parts;
    case 'choice':
      return [expr.condition, expr.whenTrue, expr.whenFalse];
    case 'binary':
      return [expr.left, expr.right];
    case 'call':
      return expr.receiver === undefined ? expr.args : [expr.receiver, ...expr.args];
    case 'loop':
      return [expr.over, ...(expr.where === undefined ? [] : [expr.where]), expr.body];
  }
}
