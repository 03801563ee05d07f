import { problemAt } from '../problems.ts';
import type { ExprProblem } from '../types.ts';
import type { Expr, NodeOf } from './syntax.ts';
import { chainOf } from './syntax.ts';

/** Fields that products write in upper case one day and in lower case the next. */
const ENDINGS: readonly string[] = [
  'host.name',
  'file.path',
  'process.executable',
  'hash.md5',
  'hash.sha1',
  'hash.sha256',
  'computer_name',
  'computer.name',
  'computerName',
];

/** `==`, `!=` or `in` on such a field, which `match` would compare without regard to case. */
export function findCaseSensitive(expr: NodeOf<'binary'>, text: string): ExprProblem | undefined {
  const sides = expr.operator === 'in' ? [expr.left] : [expr.left, expr.right];
  const field = sides.find(isSensitive);
  const other = field === expr.left ? expr.right : expr.left;
  if (field === undefined || isCaseless(other)) return undefined;
  const name = text.slice(field.start, field.end);
  return problemAt(
    expr,
    'case-sensitive',
    `${name} is compared with regard to upper and lower case`,
    hasWildcard(other)
      ? `a "*" stands for itself here: write ${name}.startsWith("…"), or use match, where it is a wildcard`
      : `write lower(${name}) ${expr.operator} … in lower case, or use match`,
  );
}

function hasWildcard(expr: Expr): boolean {
  return expr.kind === 'literal' && typeof expr.value === 'string' && expr.value.includes('*');
}

function isSensitive(expr: Expr): boolean {
  const chain = chainOf(expr);
  if (chain === undefined) return false;
  const path = [chain.root.name, ...chain.path].join('.');
  return ENDINGS.some(ending => path.endsWith(`.${ending}`));
}

/** A text without letters, or something that is no text. */
function isCaseless(expr: Expr): boolean {
  return expr.kind === 'literal' && !(typeof expr.value === 'string' && /\p{L}/u.test(expr.value));
}
