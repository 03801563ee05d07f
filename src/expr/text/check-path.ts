import { nearest } from '../../base/did-you-mean.ts';
import type { Found, Segment } from '../look-up.ts';
import { lookUp } from '../look-up.ts';
import { foreignRoot } from '../foreign.ts';
import { problemAt } from '../problems.ts';
import type { Type } from '../type.ts';
import { ANY } from '../type.ts';
import type { ExprProblem, TypeScope } from '../types.ts';
import type { TextChecker, TextHere } from './check.ts';
import type { TextExpr } from './syntax.ts';

/** A path in a text: from a root, or from `this`. */
export function checkPath(
  expr: Extract<TextExpr, { readonly kind: 'path' | 'item' }>,
  here: TextHere,
  checker: TextChecker,
): Found {
  const segments = segmentsOf(expr, checker.source);
  const locals = new Map<string, Type>(here.item === undefined ? [] : [['this', here.item]]);
  const { scope, variables } = checker;
  const bare = expr.kind === 'path' ? findBareName(segments, here.item, scope) : undefined;
  if (bare !== undefined) {
    checker.problems.push(bare);
    return { type: ANY, presence: 'certain' };
  }
  const variable = (text: string) => variables.typeOf(text, here.facts.without('this'));
  const found = lookUp(segments, { scope, facts: here.facts, locals, variable });
  if (!('code' in found)) return found;
  checker.problems.push(found);
  return { type: ANY, presence: 'certain' };
}

/** Handlebars would look a bare name up in the item, or in everything; here fields are written from their root. */
function findBareName(path: readonly Segment[], item: Type | undefined, scope: TypeScope): ExprProblem | undefined {
  const [first] = path;
  if (
    first === undefined ||
    scope.roots.has(first.name) ||
    first.name === 'now' ||
    scope.elsewhere?.has(first.name) === true
  ) {
    return undefined;
  }
  const written = path.map(segment => segment.name).join('.');
  const message = `${written}: no such name; fields are written from their root`;
  if (item !== undefined && has(item, first.name))
    return problemAt(first, 'bare-name', message, `write this.${written}`);
  for (const [root, binding] of scope.roots) {
    if (binding.kind === 'type' && has({ kind: 'object', schema: binding.schema }, first.name)) {
      return problemAt(first, 'bare-name', message, `write ${root}.${written}`);
    }
  }
  if (nearest(first.name, scope.roots.keys()) !== undefined || path.length > 1) return undefined;
  const hint = foreignRoot(first.name) ?? `names: ${[...scope.roots.keys()].join(', ')}`;
  return problemAt(first, 'bare-name', message, hint);
}

function has({ schema }: Type, name: string): boolean {
  return schema.properties !== undefined && Object.hasOwn(schema.properties, name);
}

function segmentsOf(expr: Extract<TextExpr, { readonly kind: 'path' | 'item' }>, source: string): Segment[] {
  const names = expr.kind === 'item' ? ['this', ...expr.path] : expr.path;
  let from = expr.start;
  return names.map(name => {
    const start = Math.max(from, source.indexOf(name, from));
    const end = Math.min(expr.end, start + name.length);
    from = end;
    return { name, start: Math.min(start, end), end };
  });
}
