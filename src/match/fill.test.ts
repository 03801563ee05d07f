import { expect, test } from 'vitest';
import { matches } from './match.ts';
import { event, field, match } from './match.kit.ts';
import type { MatchField } from './types.ts';

const params = { least: 40, names: ['a', 'b*'], site: 'FRA', none: [], nested: [['a']] };

function asks(wanted: MatchField, x: string | number): boolean {
  return matches(match([wanted]), event({ x }), params, {});
}

test('a param keeps its type, a list gives several values, and wildcards of the author are wildcards', () => {
  expect(asks(field('x|gte', '{{params.least}}'), 40)).toBe(true);
  expect(asks(field('x', '{{params.names}}'), 'a')).toBe(true);
  expect(asks(field('x', 'c', '{{params.names}}'), 'bee')).toBe(true);
  expect(asks(field('x|startswith', '{{params.site}}-'), 'fra-ws-1')).toBe(true);
});

test.each(['{{params.nowhere}}', '{{event.x}}', '{{params.nested}}', '{{params.'])(
  'what cannot be filled (%s) matches nothing, also negated, and leaves the other values alone',
  value => {
    expect(asks(field('x', value), 'a')).toBe(false);
    expect(asks(field('x|not', value), 'a')).toBe(false);
    expect(asks(field('x', value, 'a'), 'a')).toBe(true);
  },
);

test('an empty list matches nothing, and so its negation everything', () => {
  expect(asks(field('x', '{{params.none}}'), 'a')).toBe(false);
  expect(asks(field('x|contains|all', '{{params.none}}'), 'a')).toBe(false);
  expect(asks(field('x|not', '{{params.none}}'), 'a')).toBe(true);
});

test('text that was rendered from an event matches itself only', () => {
  const rendered = (key: string, value: string) => ({ ...field(key, value), literal: [true] });
  expect(asks(rendered('x', '*'), 'a')).toBe(false);
  expect(asks(rendered('x', '*'), '*')).toBe(true);
  expect(asks(rendered('x|contains', '?'), 'a')).toBe(false);
  expect(asks(rendered('x', '\\*'), '\\*')).toBe(true);
  expect(asks(rendered('x|re', '.*'), 'a')).toBe(false);
  expect(asks(rendered('x|re', '.*'), 'a.*b')).toBe(true);
  expect(asks(rendered('x', '{{params.site}}'), 'FRA')).toBe(false);
  expect(asks(rendered('x', '{{params.site}}'), '{{params.site}}')).toBe(true);
});
