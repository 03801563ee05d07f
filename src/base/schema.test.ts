import { isIP } from 'node:net';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from './json.ts';
import type { JsonSchema } from './schema.ts';
import { formatProblem, validate } from './schema.ts';

// Decision 0001: the walk that stands in for generated code has the same opinion as the code that Ajv generates.

/** As the walk reads a schema: own properties only, and `x-` keys mean nothing. */
const ajv = new Ajv({ strict: false, allErrors: true, ownProperties: true, validateFormats: false });

const names = fc.constantFrom('a', 'b', 'toString', '__proto__');
// Ajv leaves `__proto__` out of what a schema declares; ours declare no such thing.
const declared = fc.constantFrom('a', 'b', 'toString');
// Two that JavaScript counts as four: lengths are in characters.
const text = fc.oneof(fc.constantFrom('', 'a', 'ab', 'é', '𝔘𝔲', 'a𝔘'), fc.string({ unit: 'grapheme', maxLength: 4 }));
const scalar = fc.oneof(
  text,
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.5, -0, 1e300),
  fc.boolean(),
  fc.constant(null),
);
const small = fc.integer({ min: 0, max: 3 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const { value } = fc.letrec<{ value: Json }>(tie => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3 }),
  ),
}));

const { schema } = fc.letrec<{ schema: JsonSchema }>(tie => ({
  schema: fc
    .record({
      type: optional(fc.constantFrom('object', 'array', 'string', 'integer', 'number', 'boolean', 'null')),
      enum: fc.option(fc.uniqueArray(scalar, { minLength: 1, maxLength: 3, comparator: (a, b) => a === b }), {
        nil: undefined,
        freq: 8,
      }),
      const: fc.option(scalar, { nil: undefined, freq: 8 }),
      properties: optional(
        fc.dictionary(declared, fc.oneof({ maxDepth: 2 }, fc.constant({}), tie('schema')), { maxKeys: 3 }),
      ),
      required: optional(fc.uniqueArray(declared, { maxLength: 2 })),
      additionalProperties: optional(fc.boolean()),
      items: optional(fc.oneof({ maxDepth: 2 }, fc.constant({}), tie('schema'))),
      minimum: optional(fc.integer({ min: -2, max: 2 })),
      maximum: optional(fc.integer({ min: -2, max: 2 })),
      minLength: optional(small),
      maxLength: optional(small),
      minItems: optional(small),
      maxItems: optional(small),
    })
    .map(parts => Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as JsonSchema),
}));

/** Values that come near to fitting; those drawn from all JSON almost never do. */
function near(wanted: JsonSchema): fc.Arbitrary<Json> {
  if (wanted.const !== undefined) return fc.constant(wanted.const);
  if (wanted.enum !== undefined) return fc.constantFrom(...wanted.enum);
  const properties = Object.entries(wanted.properties ?? {}).map(([name, inner]) => [name, either(inner)] as const);
  const entries = fc.tuple(...properties.map(([name, inner]) => optional(inner.map(found => [name, found] as const))));
  const object = fc
    .tuple(entries, fc.dictionary(names, scalar, { maxKeys: 1 }))
    .map(
      ([own, more]) =>
        Object.fromEntries([...Object.entries(more), ...own.filter(entry => entry !== undefined)]) as Json,
    );
  switch (wanted.type) {
    case 'object':
      return object;
    case 'array':
      return fc.array(wanted.items === undefined ? scalar : either(wanted.items), { maxLength: 4 });
    case 'string':
      return text;
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constant(0.5));
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.oneof(scalar, object);
  }
}

function either(wanted: JsonSchema): fc.Arbitrary<Json> {
  return fc.oneof({ arbitrary: near(wanted), weight: 6 }, { arbitrary: value, weight: 1 });
}

test('the walk and Ajv have the same opinion of every value under every schema', () => {
  let fitting = 0;
  fc.assert(
    fc.property(
      schema.chain(drawn => fc.tuple(fc.constant(drawn), fc.array(either(drawn), { minLength: 1, maxLength: 6 }))),
      ([drawn, values]) => {
        const compiled = ajv.compile(drawn);
        for (const candidate of values) {
          const fits = compiled(candidate);
          if (fits) fitting += 1;
          expect({ value: candidate, fits: validate(drawn, candidate).length === 0 }).toEqual({
            value: candidate,
            fits,
          });
        }
      },
    ),
    { numRuns: 1_000 },
  );
  // The law says little where nothing ever fits.
  expect(fitting).toBeGreaterThan(200);
});

test('what is said points at the place, and everything is said at once', () => {
  const drawn: JsonSchema = {
    type: 'object',
    properties: {
      hosts: { type: 'array', items: { type: 'object', properties: { id: { type: 'integer' } } } },
      to: { type: 'string', minLength: 1 },
    },
    required: ['from'],
    additionalProperties: false,
  };
  const problems = validate(drawn, { hosts: [{ id: 1 }, { id: 'x' }], to: '', other: null });
  expect(problems.map(formatProblem)).toEqual([
    'needs "from"',
    'hosts[1].id: must be an integer, is a string ("x")',
    'to: must not be empty',
    'other: unknown key "other"',
  ]);
});

test.each([
  [{ type: 'null' }, 1, 'must be null, is a number (1)'],
  [{ type: 'object' }, [], 'must be an object, is a list'],
  [{ type: 'array' }, null, 'must be an array, is null'],
  [{ enum: ['a', 1, null] }, 'b', 'must be one of "a", 1, null'],
  [{ const: true }, false, 'must be true'],
  [{ minimum: 3 }, 2, 'must be at least 3'],
  [{ maximum: 3 }, 4, 'must be at most 3'],
  [{ minLength: 2 }, '𝔘', 'must have at least 2 characters'],
  [{ maxLength: 1 }, 'ab', 'must have at most 1 characters'],
  [{ minItems: 1 }, [], 'must have at least 1 items'],
  [{ maxItems: 0 }, [1], 'must have at most 0 items'],
] as const satisfies readonly (readonly [JsonSchema, Json, string])[])(
  'under %j, of %j it is said: %s',
  (drawn, candidate, said) => {
    expect(validate(drawn, candidate).map(formatProblem)).toEqual([said]);
  },
);

const isFormatted = (format: NonNullable<JsonSchema['format']>, candidate: string) =>
  validate({ format }, candidate).length === 0;

test('an address is what Node takes for one, without a zone', () => {
  const piece = fc.oneof(
    fc.constantFrom('0', '00', '1', '01', '255', '256', 'fe80', 'ffff', '12345', ''),
    fc.integer({ min: 0, max: 300 }).map(String),
  );
  const dotted = fc.array(piece, { minLength: 3, maxLength: 5 }).map(pieces => pieces.join('.'));
  const colons = fc.array(fc.oneof(piece, dotted), { minLength: 1, maxLength: 9 }).map(pieces => pieces.join(':'));
  fc.assert(
    fc.property(fc.oneof(dotted, colons, fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 8 })), candidate => {
      expect({ candidate, is: isFormatted('ip', candidate) }).toEqual({
        candidate,
        is: isIP(candidate) !== 0 && !candidate.includes('%'),
      });
    }),
    { numRuns: 2_000 },
  );
});

test('every instant that JavaScript can print is a time', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }), date => {
      expect(isFormatted('date-time', date.toISOString())).toBe(true);
    }),
  );
});

test.each([
  ['date-time', '2026-11-24T09:00:00Z', true],
  ['date-time', '2026-11-24t09:00:00.123456789z', true],
  ['date-time', '2026-11-24 09:00:00+02:00', true],
  ['date-time', '2024-02-29T00:00:00Z', true],
  ['date-time', '2026-02-29T00:00:00Z', false],
  ['date-time', '2026-04-31T00:00:00+02:00', false],
  ['date-time', '2026-13-01T00:00:00Z', false],
  ['date-time', '2026-11-24T24:00:00Z', false],
  ['date-time', '2026-11-24T09:00:00', false],
  ['date-time', '2026-11-24T09:00:00+24:00', false],
  ['date-time', '2026-11-24', false],
  ['md5', 'D41D8CD98F00B204E9800998ECF8427E', true],
  ['md5', 'd41d8cd98f00b204e9800998ecf8427', false],
  ['sha1', 'g'.repeat(40), false],
  ['sha256', 'a'.repeat(64), true],
  ['sha256', `${'a'.repeat(64)}\n`, false],
  ['duration', '90s', true],
  ['duration', '0s', false],
  ['duration', '1.5h', false],
  ['duration', '1w', false],
] as const)('as %s, %j passes: %s', (format, candidate, passes) => {
  expect(isFormatted(format, candidate)).toBe(passes);
});
