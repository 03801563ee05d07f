import { expect, test } from 'vitest';
import { buildIndex, explain, fullScan, matches } from './match.ts';
import { condition, entry, event, field, match } from './match.kit.ts';

test('a map is and, a list of maps is or', () => {
  const wanted = match([field('a', 1), field('b', 2)], [field('c', 3)]);
  expect(matches(wanted, event({ a: 1 }), {}, {})).toBe(false);
  expect(matches(wanted, event({ a: 1, b: 2 }), {}, {})).toBe(true);
  expect(matches(wanted, event({ c: 3 }), {}, {})).toBe(true);
});

test('a trigger matches events of its type only', () => {
  const index = buildIndex([entry('a#0'), entry('b#0', { event: 'other.alert' })]);
  expect(index.matching(event({}))).toEqual([{ id: 'a#0', decided: true }]);
});

test('an undecided if does not match, and is shown with what was not known', () => {
  const entries = [
    entry('a#0', { if: condition('1 / event.zero > 1') }),
    entry('b#0', { if: condition('event.zero > 1') }),
  ];
  const alert = event({ zero: 0 });
  expect(fullScan(entries, alert)).toEqual([{ id: 'a#0', undecided: true, of: [], why: expect.any(String) }]);
  expect(explain(entries[0] ?? entry(''), alert).matched).toBe('undecided');
});
