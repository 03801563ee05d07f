import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inCycles } from './cycles.ts';

test.each([
  ['a chain', { a: ['b'], b: ['c'], c: [] }, []],
  ['itself', { a: ['a'], b: ['a'] }, ['a']],
  ['a ring with a tail', { a: ['b'], b: ['c'], c: ['b'] }, ['b', 'c']],
  ['two rings that touch', { a: ['b', 'c'], b: ['a'], c: ['a'] }, ['a', 'b', 'c']],
  ['a name that is not there', { a: ['x'] }, []],
])('%s', (_, edges, expected) => {
  expect([...inCycles(new Map(Object.entries(edges)))].toSorted()).toEqual(expected);
});

test('a node is in a cycle exactly if a way leads from it back to it', () => {
  const graph = fc.array(fc.array(fc.nat(7), { maxLength: 4 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(graph, lists => {
      const edges = new Map(lists.map((targets, node) => [String(node), targets.map(String)]));
      const expected = [...edges.keys()].filter(node => reachable(edges, node).has(node));
      expect([...inCycles(edges)].toSorted()).toEqual(expected.toSorted());
    }),
  );
});

test('a chain of thousands needs no stack', () => {
  const edges = new Map(Array.from({ length: 50_000 }, (_, node) => [String(node), [String((node + 1) % 50_000)]]));
  expect(inCycles(edges).size).toBe(50_000);
});

function reachable(edges: ReadonlyMap<string, readonly string[]>, from: string): Set<string> {
  const found = new Set<string>();
  const open = [...(edges.get(from) ?? [])];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node) || !edges.has(node)) continue;
    found.add(node);
    open.push(...(edges.get(node) ?? []));
  }
  return found;
}
