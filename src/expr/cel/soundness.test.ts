import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../base/json.ts';
import type { Binding } from '../evidence.ts';
import { absent, missingOf, namesOf, scopeOf, valueOf } from '../test-scope.ts';
import { decide } from './decide.ts';

// Conditions over four references, each of which may be missing.
const leaves = ['a', 'b', 'c', 'd'] as const;
const reference = fc.constantFrom(...leaves).map(name => `enrich.${name}`);
const atom = fc.oneof(
  fc
    .tuple(reference, fc.constantFrom('==', '!=', '<', '>='), fc.constantFrom('1', '2', '"x"', 'null'))
    .map(parts => parts.join(' ')),
  fc.tuple(reference, reference).map(([a, b]) => `${a} == ${b}`),
  reference.map(name => `has(${name})`),
  reference.map(name => `${name} in [1, "x"]`),
  reference.map(name => `10 / ${name} > 4`),
  reference.map(name => `[1, 2].exists(x, x == ${name})`),
  reference.map(name => `[1, 2].all(x, x != ${name})`),
  reference.map(name => `[1, 2].exists_one(x, x != ${name} || x == 1)`),
  reference.map(name => `${name}.contains("x")`),
  fc.constantFrom('true', 'false'),
);
const condition = fc.letrec<{ any: string }>(tie => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) && (${b})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `(${a}) || (${b})`),
    tie('any').map(a => `!(${a})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
  ),
})).any;

type Leaf = Json | 'absent' | 'missing';
const concrete: fc.Arbitrary<Leaf> = fc.constantFrom<Leaf>(0, 1, 2, 1.5, 'x', 'absent', true, null);
const anything: fc.Arbitrary<Leaf> = fc.oneof(concrete, fc.constant('missing' as const));

function bindingOf(name: string, leaf: Leaf): Binding {
  if (leaf === 'missing') return missingOf(`enrich.${name}`);
  return leaf === 'absent' ? absent : valueOf(leaf);
}

function answer(text: string, values: Readonly<Record<string, Leaf>>): boolean | undefined {
  const names = Object.fromEntries(Object.entries(values).map(([name, leaf]) => [name, bindingOf(name, leaf)]));
  const decision = decide(text, scopeOf({ enrich: namesOf(names) }));
  return decision.decided ? decision.holds : undefined;
}

const assignment = (leaf: fc.Arbitrary<Leaf>) => fc.record({ a: leaf, b: leaf, c: leaf, d: leaf });

describe('three-valued logic', () => {
  it('decides with something missing only what every value in its place would decide the same way', () => {
    fc.assert(
      fc.property(condition, assignment(anything), assignment(concrete), (text, some, all) => {
        const before = answer(text, some);
        if (before === undefined) return;
        const filled = Object.fromEntries(
          leaves.map(name => [name, some[name] === 'missing' ? all[name] : some[name]]),
        );
        expect(answer(text, filled)).toBe(before);
      }),
      { numRuns: 3_000 },
    );
  }, 60_000);

  it('gives && and || the same answer whichever side comes first', () => {
    fc.assert(
      fc.property(condition, condition, assignment(anything), (a, b, values) => {
        expect(answer(`(${a}) && (${b})`, values)).toBe(answer(`(${b}) && (${a})`, values));
        expect(answer(`(${a}) || (${b})`, values)).toBe(answer(`(${b}) || (${a})`, values));
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  it('obeys De Morgan', () => {
    fc.assert(
      fc.property(condition, condition, assignment(anything), (a, b, values) => {
        expect(answer(`!((${a}) && (${b}))`, values)).toBe(answer(`!(${a}) || !(${b})`, values));
      }),
      { numRuns: 1_000 },
    );
  }, 60_000);

  it('never leaves known() undecided', () => {
    fc.assert(
      fc.property(condition, assignment(anything), (text, values) => {
        expect(answer(`known(${text})`, values)).toBe(answer(text, values) !== undefined);
      }),
      { numRuns: 500 },
    );
  }, 60_000);
});
