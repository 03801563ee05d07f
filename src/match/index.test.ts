import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import type { TriggerEntry } from './match.ts';
import { buildIndex, explain, fullScan, matches } from './match.ts';
import { condition, entry, event, field, match } from './match.kit.ts';
import type { MatchField } from './types.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

// Few names and few letters, so that triggers and events have much in common.
const FIELDS = ['a', 'b', 'c.d', '__proto__', 'constructor.name'];
const text = fc.string({ unit: fc.constantFrom('a', 'B', 'c', '-', '/'), maxLength: 9 });
const value = fc.oneof(
  text,
  fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '\\', 'İ', '-'), maxLength: 9 }),
  fc.constantFrom(
    '{{params.list}}',
    '{{params.none}}',
    '{{params.gone}}',
    '10.0.0.0/8',
    'bad',
    'b',
    'c.d',
    '(a|b)+c',
    '(',
  ),
  fc.integer({ min: 0, max: 3 }),
  fc.boolean(),
  fc.constant(null),
);
const MODIFIERS = [
  [],
  ['contains'],
  ['startswith'],
  ['endswith'],
  ['windash'],
  ['windash', 'contains'],
  ['base64offset', 'contains'],
  ['re'],
  ['cidr'],
  ['gt'],
  ['lte'],
  ['fieldref'],
  ['fieldref', 'contains'],
  ['inlist'],
] as const;

const someField: fc.Arbitrary<MatchField> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(...FIELDS),
      fc.constantFrom(...MODIFIERS),
      fc.array(value, { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([name, modifiers, values, isAll, isNot, isLiteral]) => ({
      ...field([name, ...modifiers, ...(isAll ? ['all'] : []), ...(isNot ? ['not'] : [])].join('|'), ...values),
      ...(isLiteral ? { literal: values.map(() => true) } : {}),
    })),
  fc
    .tuple(fc.constantFrom(...FIELDS), fc.boolean(), fc.boolean())
    .map(([name, exists, isNot]) => field(`${name}|exists${isNot ? '|not' : ''}`, exists)),
);

const someMatch = fc
  .array(fc.array(someField, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map(any => match(...any));

const params = { list: ['a', 'c*'], none: [] };
const lists = { bad: { kind: 'name', values: ['a', 'b', 'ab'] } } as const;

const someEntries: fc.Arbitrary<readonly TriggerEntry[]> = fc
  .array(
    fc.record(
      {
        match: someMatch,
        if: fc.constantFrom(condition('event.b == "a"'), condition('1 / event.b > 0'), condition('(')),
        event: fc.constantFrom('test.alert', 'other.alert'),
      },
      { requiredKeys: [] },
    ),
    { maxLength: 12 },
  )
  .map(entries => entries.map((parts, number) => entry(`p#${number}`, { params, lists, ...parts })));

const scalar = fc.oneof(
  text,
  fc.constantFrom('10.1.2.3', 'YWJj', '/a -b'),
  fc.integer({ min: 0, max: 3 }),
  fc.boolean(),
  fc.constant(null),
);
const someEvent: fc.Arbitrary<Event> = fc
  .record(
    {
      a: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
      b: fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })),
      c: fc.oneof(scalar, fc.record({ d: scalar }, { requiredKeys: [] })),
    },
    { requiredKeys: [] },
  )
  .map(fields => event(fields));

const anyEvent: fc.Arbitrary<Event> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'type', 'time', '__proto__', 'constructor', 'toString'), fc.jsonValue())
  // As JSON.parse makes it: `__proto__` is a key like others.
  .map(fields => ({ ...(JSON.parse(JSON.stringify(fields)) as JsonObject) }) as Event);

test('the index finds what a full scan finds, event after event', () => {
  fc.assert(
    fc.property(
      someEntries,
      fc.array(fc.oneof(someEvent, anyEvent), { minLength: 1, maxLength: 6 }),
      (entries, events) => {
        const index = buildIndex(entries);
        for (const one of events) expect(index.matching(one)).toEqual(fullScan(entries, one));
      },
    ),
    { numRuns: 3_000 },
  );
}, 30_000);

test('an explanation says what the index says', () => {
  fc.assert(
    fc.property(someEntries, fc.oneof(someEvent, anyEvent), (entries, one) => {
      const explained = entries.flatMap(trigger => {
        const { matched } = explain(trigger, one);
        return matched === false ? [] : [`${trigger.id} ${matched}`];
      });
      const found = fullScan(entries, one).map(hit => `${hit.id} ${'decided' in hit ? true : 'undecided'}`);
      expect(explained).toEqual(found);
    }),
    { numRuns: 2_000 },
  );
}, 30_000);

test('no trigger and no event makes matching throw', () => {
  fc.assert(
    fc.property(someMatch, anyEvent, (wanted, one) => {
      expect(typeof matches(wanted, one, {}, {})).toBe('boolean');
    }),
    { numRuns: 2_000 },
  );
}, 30_000);

test('a type or time that has no text is none', () => {
  const odd = event({ type: { toString: 1 }, time: { toString: 1, valueOf: 1 } });
  const trigger = entry('0', { if: condition('true') });
  expect(buildIndex([trigger]).matching(odd)).toEqual([]);
  expect(explain(trigger, odd).matched).toBe(false);
  expect(fullScan([trigger], { ...odd, type: 'test.alert' })).toHaveLength(1);
});

test('hits come in the order of the triggers, whatever finds them', () => {
  const entries = [
    entry('0', { match: match([field('b', 1)]) }),
    entry('1'),
    entry('2', { match: match([field('a', 1)]) }),
    entry('3', { match: match([field('c|not', 1)]) }),
  ];
  expect(
    buildIndex(entries)
      .matching(event({ a: 1, b: 1 }))
      .map(hit => hit.id),
  ).toEqual(['0', '1', '2', '3']);
});

test('two playbooks mean their own lists by one name', () => {
  const wanted = match([field('a|inlist', 'bad')]);
  const other = { bad: { kind: 'name', values: ['z'] } } as const;
  const index = buildIndex([entry('0', { match: wanted, lists }), entry('1', { match: wanted, lists: other })]);
  expect(index.matching(event({ a: 'z' })).map(hit => hit.id)).toEqual(['1']);
  expect(index.matching(event({ a: 'b' })).map(hit => hit.id)).toEqual(['0']);
});

const HOSTILE: readonly (readonly [what: string, make: (size: number) => Json])[] = [
  ['a text of one letter', size => 'a'.repeat(size)],
  [
    'a text of many',
    size => Array.from({ length: size }, (_, at) => String.fromCharCode(97 + ((at * 7_919) % 26))).join(''),
  ],
  ['a text of slashes', size => '/'.repeat(size)],
  ['a list of texts', size => Array.from({ length: size / 8 }, (_, at) => `text ${at}`)],
  ['a list of lists', size => Array.from({ length: size / 8 }, () => [])],
];

test.each(HOSTILE)(
  '%s of half a megabyte is matched in a moment',
  (_, make) => {
    const keys = [
      'contains',
      'startswith',
      'endswith',
      'windash|contains',
      'fieldref|contains',
      'fieldref',
      're',
      'gt',
      'cidr',
    ];
    const entries = keys.flatMap(key =>
      ['aaaab', 'a*a*a*a*b', 'b?b?b?b', `${'a'.repeat(500)}b`, 'b', 'a', '10.0.0.0/8'].map((wanted, number) =>
        entry(`${key} ${number}`, { match: match([field(`a|${key}`, wanted)]) }),
      ),
    );
    const index = buildIndex(entries);
    const hostile = event({ a: make(500_000), b: make(450_000) });
    const spent = cpuTime(() => {
      index.matching(hostile);
    });
    expect(spent).toBeLessThan(5_000);
  },
  20_000,
);
