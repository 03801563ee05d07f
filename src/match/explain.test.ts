import { expect, test } from 'vitest';
import type { JsonObject } from '../base/json.ts';
import type { ExplainNode, TriggerEntry } from './match.ts';
import { explain } from './match.ts';
import { condition, entry, event, field, match } from './match.kit.ts';

/** The tree as text: one line a node. */
function lines(node: ExplainNode, depth = 0): readonly string[] {
  const indent = '  '.repeat(depth);
  const answer = node.holds === true ? 'yes' : node.holds === false ? 'no' : '?';
  switch (node.kind) {
    case 'all':
    case 'any':
      return [`${indent}${answer} ${node.kind}`, ...node.parts.flatMap(part => lines(part, depth + 1))];
    case 'type':
      return [`${indent}${answer} type ${node.actual} is ${node.wanted}`];
    case 'field': {
      const actual = 'actual' in node ? ` ${JSON.stringify(node.actual)}` : '';
      return [
        `${indent}${answer} ${node.field}${actual} ${node.wanted}${node.because === undefined ? '' : `: ${node.because}`}`,
      ];
    }
    case 'if':
      return [
        `${indent}${answer} if ${node.trace.shown}${node.of === undefined ? '' : `: ${node.why ?? node.of.join(', ')}`}`,
      ];
  }
}

function explained(parts: Partial<TriggerEntry>, fields: JsonObject): readonly string[] {
  return lines(explain(entry('p#0', parts), event(fields)).tree);
}

test('every field says what it wants and what is there', () => {
  const wanted = match([field('severity|gte', '{{params.sure}}'), field('alert.status', 'Unresolved', 'In Progress')]);
  const alert = { severity: 50.6, alert: { status: 'Unresolved' } };
  expect(
    explained({ match: wanted, params: { sure: 40 }, if: condition('event.severity > params.sure') }, alert),
  ).toEqual([
    'yes all',
    '  yes type test.alert is test.alert',
    '  yes all',
    '    yes severity 50.6 >= 40',
    '    yes alert.status "Unresolved" is "Unresolved" or "In Progress"',
    '  yes if 50.6 > 40',
  ]);
});

test('the if is not asked when the match does not hold, and no field is left out', () => {
  const wanted = match([field('a', 1), field('b', 2)], [field('c', 3)]);
  expect(explained({ match: wanted, if: condition('event.a == 1') }, { b: 2 })).toEqual([
    'no all',
    '  yes type test.alert is test.alert',
    '  no any',
    '    no all',
    '      no a is 1: is not there',
    '      yes b 2 is 2',
    '    no c is 3: is not there',
  ]);
});

test('another type and an undecided if are said', () => {
  expect(explained({ event: 'other.alert' }, {})).toEqual(['no all', '  no type test.alert is other.alert']);
  expect(explain(entry('p#0', { if: condition('1 / event.a > 0') }), event({ a: 0 })).matched).toBe('undecided');
});

test.each([
  [field('x|contains|all', 'a', 'b'), ['a'], 'contains "a" and "b": ["a"] does not contain "b"'],
  [field('x|startswith', 'a'), 'b', 'starts with "a": "b" does not start with "a"'],
  [field('x|endswith', 'a'), 'b', 'ends with "a": "b" does not end with "a"'],
  [field('x|re', 'a+'), 'b', 'matches "a+": "b" does not match "a+"'],
  [field('x|re', '('), 'b', 'matches "(": "(" cannot be used here'],
  [field('x|cidr', '10.0.0.0/8'), 'b', 'is in "10.0.0.0/8": "b" is not in "10.0.0.0/8"'],
  [field('x|gt', 40), 'b', '> 40: "b" is not a number'],
  [field('x|gt', 40), 40, '> 40: 40 is not > 40'],
  [field('x|gt|not', 40), 41, 'is not > 40: 41 > 40'],
  [field('x|exists', true), undefined, 'is there: is not there'],
  [field('x|exists', false), 1, 'is not there: is there'],
  [field('x|exists|not', true), 1, 'is not there: is there'],
  [field('x|contains|not', 'a', 'b'), 'a', 'does not contain "a" or "b": "a" contains "a"'],
  [field('x|all', 'a', 'b'), ['b'], 'is "a" and "b": ["b"] is not "a"'],
  [field('x', 'a'), [], 'is "a": [] is not "a"'],
  [field('x', '{{params.x}}'), 'a', 'is (no value): (no value) cannot be used here'],
  [field('x|fieldref', 'type'), 'a', 'is type ("test.alert"): "a" is not type ("test.alert")'],
  [field('x|fieldref', 'y.z'), 'a', 'is y.z (not there): "a" is not y.z (not there)'],
  [field('x', 1, 2, 3, 4, 5, 6, 7), 8, 'is 1 or 2 or 3 or 4 or 5 or 2 more: 8 is not 1 or'],
  [field('x|windash|contains', ' -e'), 'a', 'contains " -e" with any dash: "a" does not'],
  [field('x|base64offset|contains', 'abc'), 'a', 'contains "abc" in base64: "a" does not'],
  [field('x', 'a'), 'b'.repeat(100), `is "a": "${'b'.repeat(59)}… is not "a"`],
] as const)('a field that does not hold has one reason: %#', (wanted, actual, expected) => {
  const tree = explained({ match: match([wanted]) }, actual === undefined ? {} : { x: actual });
  expect(tree.at(-1)).toContain(expected);
});
