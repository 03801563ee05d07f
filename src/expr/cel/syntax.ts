import type { Value } from './value.ts';

/** CEL as we walk it: the parser's tree with macros named, `&&` and `||` flattened and spans that hold their parentheses. */
export type Expr =
  | Node<'literal', { readonly value: Value }>
  | Node<'name', { readonly name: string }>
  | Node<'field', { readonly of: Expr; readonly field: string; readonly fieldStart: number }>
  | Node<'index', { readonly of: Expr; readonly index: Expr }>
  | Node<'list', { readonly items: readonly Expr[] }>
  | Node<'map', { readonly entries: readonly (readonly [key: Expr, value: Expr])[] }>
  | Node<'not', { readonly of: Expr }>
  | Node<'negate', { readonly of: Expr }>
  | Node<'and', { readonly parts: readonly Expr[] }>
  | Node<'or', { readonly parts: readonly Expr[] }>
  | Node<'choice', { readonly condition: Expr; readonly whenTrue: Expr; readonly whenFalse: Expr }>
  | Node<'binary', { readonly operator: BinaryOperator; readonly left: Expr; readonly right: Expr }>
  | Node<'call', { readonly name: string; readonly receiver: Expr | undefined; readonly args: readonly Expr[] }>
  | Node<'loop', LoopParts>;

/** `xs.all(x, body)` and its kin; `where` is the middle argument of `xs.map(x, where, body)`. */
export interface LoopParts {
  readonly macro: LoopMacro;
  readonly over: Expr;
  readonly variable: string;
  readonly where: Expr | undefined;
  readonly body: Expr;
}

interface Place {
  /** Offsets into the text; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
}

type Node<Kind extends string, Parts> = { readonly kind: Kind } & Place & Parts;
export type NodeOf<Kind extends Expr['kind']> = Extract<Expr, { readonly kind: Kind }>;

export const BINARY_OPERATORS = ['==', '!=', '<', '<=', '>', '>=', 'in', '+', '-', '*', '/', '%'] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];

export const LOOP_MACROS = ['all', 'exists', 'exists_one', 'filter', 'map'] as const;
export type LoopMacro = (typeof LOOP_MACROS)[number];

/** A chain of fields and literal keys from a name: `event.raw["x-y"]` is `event`, then `raw` and `x-y`. */
interface Chain {
  readonly root: NodeOf<'name'>;
  readonly path: readonly string[];
}

/** The chain that an expression is, if it is one; list positions and computed keys end it. */
export function chainOf(expr: Expr): Chain | undefined {
  const path: string[] = [];
  let current = expr;
  for (;;) {
    if (current.kind === 'name') return { root: current, path: path.toReversed() };
    const segment = segmentOf(current);
    if (segment === undefined) return undefined;
    path.push(segment.name);
    current = segment.of;
  }
}

/** One step of a chain: `.field` or `["field"]`. */
export function segmentOf(
  expr: Expr,
): { readonly of: Expr; readonly name: string; readonly start: number } | undefined {
  if (expr.kind === 'field') return { of: expr.of, name: expr.field, start: expr.fieldStart };
  if (expr.kind !== 'index' || expr.index.kind !== 'literal' || typeof expr.index.value !== 'string') return undefined;
  return { of: expr.of, name: expr.index.value, start: expr.index.start };
}
