import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../base/json.ts';
import { equalJson } from '../../base/json.ts';
import type { JsonSchema } from '../../base/schema.ts';
import type { Evidence, Scope } from '../evidence.ts';
import { known } from '../evidence.ts';
import { evaluate } from './decide.ts';

interface Case {
  readonly name: string;
  readonly expr: string;
  readonly bindings?: { readonly [name: string]: { readonly value: Json; readonly schema: JsonSchema } };
  readonly value?: Json;
  readonly error?: string;
}

const folder = new URL('../../../test/fixtures/cel/', import.meta.url);
const cases = read<readonly Case[]>('cases.json');
const differences = new Map(Object.entries(read<Readonly<Record<string, string>>>('known-differences.json')));

describe('CEL conformance', () => {
  it('holds for every case that is not a known difference', () => {
    const failing = cases.filter(each => !differences.has(each.name) && !agrees(each));
    expect(failing.map(each => `${each.name}: ${each.expr} gives ${JSON.stringify(answer(each))}`)).toEqual([]);
  });

  it('still differs in every known difference, so that the list can only shrink', () => {
    const agreeing = cases.filter(each => differences.has(each.name) && agrees(each));
    expect(agreeing.map(each => each.name)).toEqual([]);
    const names = new Set(cases.map(each => each.name));
    expect([...differences.keys()].filter(name => !names.has(name))).toEqual([]);
  });

  it('is tried on more than six hundred cases', () => {
    expect(cases.length).toBeGreaterThan(600);
    expect(differences.size).toBeLessThanOrEqual(22);
  });
});

/** An error of CEL is undecided here. */
function agrees(each: Case): boolean {
  const result = answer(each);
  if (each.value === undefined) return result.state === 'missing';
  return result.state === 'value' && equalJson(result.value, each.value);
}

function answer({ expr, bindings = {} }: Case): Evidence {
  const scope: Scope = {
    get(root) {
      const bound = Object.hasOwn(bindings, root) ? bindings[root] : undefined;
      return bound && { kind: 'evidence', evidence: known(bound.value), schema: bound.schema };
    },
    inList: () => false,
    now: 0,
  };
  return evaluate(expr, scope).result;
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as T;
}
