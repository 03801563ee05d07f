import { describe, expect, it } from 'vitest';
import { parseCel } from './parse.ts';
import { childrenOf } from './references.ts';
import type { Expr } from './syntax.ts';

function texts(text: string): string[] {
  const parsed = parseCel(text);
  if (parsed.kind === 'refused') throw new Error(parsed.message);
  const all = (expr: Expr): Expr[] => [expr, ...childrenOf(expr).flatMap(all)];
  return all(parsed.expr).map(expr => text.slice(expr.start, expr.end));
}

describe('parseCel', () => {
  it.each([
    ['(a || b) && c', ['(a || b) && c', 'a || b', 'a', 'b', 'c']],
    ['a && (b || c)', ['a && (b || c)', 'a', 'b || c', 'b', 'c']],
    ['((a) + (b)) * 2', ['((a) + (b)) * 2', '(a) + (b)', 'a', 'b', '2']],
    ['!(a)', ['!(a)', 'a']],
    ['-( a ) - 1', ['-( a ) - 1', '-( a )', 'a', '1']],
    ['(a).b[(c)]', ['(a).b[(c)]', '(a).b', 'a', 'c']],
    ['x in (ys)', ['x in (ys)', 'x', 'ys']],
    ['f((a))', ['f((a))', 'a']],
    ['(a).size()', ['(a).size()', 'a']],
    ['xs.all(x, (x))', ['xs.all(x, (x))', 'xs', 'x']],
    ['(a) ? (b) : (c)', ['(a) ? (b) : (c)', 'a', 'b', 'c']],
    ['[(a), {"k": (b)}]', ['[(a), {"k": (b)}]', 'a', '{"k": (b)}', '"k"', 'b']],
  ])('%s: each part is a whole text', (text, expected) => expect(texts(text)).toEqual(expected));

  it('makes one list of a chain of && or ||', () => {
    expect(parseCel('a && b && c && d')).toMatchObject({ expr: { kind: 'and', parts: { length: 4 } } });
    expect(parseCel(Array.from({ length: 900 }, () => 'a').join(' || '))).toMatchObject({
      expr: { parts: { length: 900 } },
    });
  });

  it('takes a macro with other arguments for a call, which no function answers', () => {
    expect(parseCel('xs.all(x)')).toMatchObject({ expr: { kind: 'call', name: 'all' } });
    expect(parseCel('xs.filter(x, true, true)')).toMatchObject({ expr: { kind: 'call', name: 'filter' } });
    expect(parseCel('xs.map(x, true, x)')).toMatchObject({ expr: { kind: 'loop', macro: 'map' } });
  });

  it('reads at most 8 KiB', () => {
    expect(parseCel(`"${'a'.repeat(8_190)}" `)).toMatchObject({ kind: 'refused', code: 'too-complex' });
    expect(parseCel(`"${'a'.repeat(8_190)}"`)).toMatchObject({ kind: 'parsed' });
  });
});
