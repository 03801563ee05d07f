import fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, nearest } from './did-you-mean.ts';

test.each([
  ['sensr', ['reason', 'sensor'], 'sensor'],
  ['snesor', ['sensor'], 'sensor'],
  ['Sensor', ['sensor'], 'sensor'],
  ['carbonblack.isolte-host', ['carbonblack.release-host', 'carbonblack.isolate-host'], 'carbonblack.isolate-host'],
  ['zebra', ['sensor', 'reason'], undefined],
  ['sensor', [], undefined],
  ['if', ['id'], 'id'],
])('for %j, of %j, %s is meant', (word, choices, meant) => {
  expect(nearest(word, choices)).toBe(meant);
});

test('what is spelt right is never corrected to something else', () => {
  const word = fc.stringMatching(/^[a-z]{1,70}$/);
  fc.assert(
    fc.property(word, fc.array(word), (spelt, others) => {
      expect(nearest(spelt, [...others, spelt])).toBe(spelt);
    }),
  );
});

test('one slip in a word of some length is forgiven', () => {
  const slip = fc.tuple(
    fc.stringMatching(/^[a-z]{5,20}$/),
    fc.nat(),
    fc.constantFrom('insert', 'delete', 'swap', 'replace'),
  );
  fc.assert(
    fc.property(slip, ([word, place, kind]) => {
      const i = place % (word.length - 1);
      const slipped = {
        insert: `${word.slice(0, i)}x${word.slice(i)}`,
        delete: word.slice(0, i) + word.slice(i + 1),
        swap: `${word.slice(0, i)}${word.charAt(i + 1)}${word.charAt(i)}${word.slice(i + 2)}`,
        replace: `${word.slice(0, i)}x${word.slice(i + 1)}`,
      }[kind];
      expect(nearest(slipped, [word])).toBe(word);
    }),
  );
});

test('the nearest wins, and of equally near ones the first', () => {
  expect(nearest('hosts', ['host-s', 'hosts-x', 'hostz'])).toBe('host-s');
  expect(nearest('abcdef', ['abcxyf', 'abcdeg'])).toBe('abcdeg');
});

test('the question goes behind a sentence, or there is none', () => {
  expect(didYouMean('sensr', ['sensor'])).toBe('; did you mean "sensor"?');
  expect(didYouMean('zebra', ['sensor'])).toBe('');
});
