import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from './json.ts';
import { at, canonical, equalJson, own } from './json.ts';

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;

/** The same value with the keys of its objects the other way round. */
function turned(value: Json): Json {
  if (Array.isArray(value)) return value.map(item => turned(item as Json));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

test('canonical text is JSON of the same value', () => {
  fc.assert(
    fc.property(json, value => {
      expect(equalJson(JSON.parse(canonical(value)) as Json, value)).toBe(true);
    }),
  );
});

test('the order of keys changes neither canonical text nor equality', () => {
  fc.assert(
    fc.property(json, value => {
      expect(canonical(turned(value))).toBe(canonical(value));
      expect(equalJson(turned(value), value)).toBe(true);
    }),
  );
});

test('two values are equal exactly when their canonical texts are', () => {
  const few = fc.letrec<{ value: Json }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(0, -0, 1, '', '0', null, true),
      fc.array(tie('value'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom('a', '__proto__'), tie('value'), { maxKeys: 2 }),
    ),
  })).value;
  fc.assert(
    fc.property(few, few, (a, b) => {
      expect(equalJson(a, b)).toBe(canonical(a) === canonical(b));
    }),
    { numRuns: 2_000 },
  );
});

test('keys are in the order of their code units, at every depth', () => {
  expect(canonical({ b: [{ z: 1, a: null }], B: 'x', a: true })).toBe('{"B":"x","a":true,"b":[{"a":null,"z":1}]}');
});

test.each(['toString', 'constructor', '__proto__', 'length'])(
  '%s of an object that has none of its own is not found',
  key => {
    expect(own({}, key)).toBeUndefined();
    expect(own([1], key)).toBeUndefined();
    expect(at({ a: {} }, ['a', key])).toBeUndefined();
  },
);

test('an own key is found whatever it is called', () => {
  expect(own(JSON.parse('{"__proto__": 1}'), '__proto__')).toBe(1);
});

test.each<[path: (string | number)[], found: Json | undefined]>([
  [[], { a: [{ b: null }] }],
  [['a', 0, 'b'], null],
  [['a', 1], undefined],
  [['a', -1], undefined],
  [['a', '0'], undefined],
  [['a', 0, 'b', 'c'], undefined],
])('at %j stands %j', (path, found) => {
  expect(at({ a: [{ b: null }] }, path)).toEqual(found);
});
