import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Correlation, Occurrence } from './correlation.ts';
import { LATE, conditionsOf, groupOf, join, occurrenceOf } from './correlation.ts';

const MINUTE = 60_000;

function asking(more: Partial<Correlation>): Correlation {
  return {
    names: ['failed', 'success'],
    by: ['user.name'],
    within: 15 * MINUTE,
    each: {},
    distinct: {},
    ordered: false,
    ...more,
  };
}

/** Events as `failed@3` (minutes), with `failed@3:x,y` the values of `ip`. */
function occurrences(...texts: readonly string[]): Occurrence[] {
  return texts.map((text, index) => {
    const [, name = '', minute = '', values] = /^(\w+)@([\d.]+)(?::(.*))?$/.exec(text) ?? [];
    const ip = values === undefined ? [] : values.split(',');
    return { key: `${index}`, name, time: Number(minute) * MINUTE, values: { ip } };
  });
}

/** What completes a group, event by event; what was too late is said so. */
function played(correlation: Correlation, ...texts: readonly string[]): string[] {
  let group: readonly Occurrence[] = [];
  const said: string[] = [];
  for (const next of occurrences(...texts)) {
    const joined = join(correlation, group, next);
    if (joined === 'late') said.push(`late ${next.time / MINUTE}`);
    else {
      group = joined.complete === undefined ? joined.group : [];
      if (joined.complete !== undefined)
        said.push(joined.complete.map(({ name, time }) => `${name}@${time / MINUTE}`).join(' '));
    }
  }
  return said;
}

describe('a group is complete', () => {
  test.each<[string, Partial<Correlation>, readonly string[], readonly string[]]>([
    [
      'when there are so many in all',
      { count: 3 },
      ['failed@1', 'failed@2', 'success@3'],
      ['failed@1 failed@2 success@3'],
    ],
    ['and not before', { count: 3 }, ['failed@1', 'failed@2'], []],
    ['only within the time', { count: 3 }, ['failed@1', 'failed@2', 'failed@17'], []],
    ['also at its very end', { count: 3 }, ['failed@1', 'failed@2', 'failed@16'], ['failed@1 failed@2 failed@16']],
    [
      'as the window slides',
      { count: 3 },
      ['failed@1', 'failed@10', 'failed@17', 'failed@20'],
      ['failed@10 failed@17 failed@20'],
    ],
    [
      'and begins anew',
      { count: 2 },
      ['failed@1', 'failed@2', 'failed@3', 'failed@4', 'failed@5'],
      ['failed@1 failed@2', 'failed@3 failed@4'],
    ],
    [
      'when there are so many of each name',
      { each: { failed: 2, success: 1 } },
      ['success@1', 'failed@2', 'failed@3'],
      ['success@1 failed@2 failed@3'],
    ],
    [
      'when there are so many different values, without regard to case, of lists item by item',
      { distinct: { ip: 3 } },
      ['failed@1:a', 'failed@2:a', 'failed@3:a,b', 'failed@4:c'],
      ['failed@1 failed@2 failed@3 failed@4'],
    ],
    ['only in order where that is asked', { ordered: true }, ['success@1', 'failed@2'], []],
    [
      'in order, whatever stands between',
      { ordered: true },
      ['success@1', 'failed@2', 'failed@3', 'success@4'],
      ['success@1 failed@2 failed@3 success@4'],
    ],
    [
      'with so many of a name before those of the next',
      { ordered: true, each: { failed: 2 } },
      ['failed@1', 'success@2', 'failed@3', 'success@4'],
      ['failed@1 success@2 failed@3 success@4'],
    ],
    [
      'when all that is asked for holds',
      { count: 3, each: { success: 1 } },
      ['failed@1', 'failed@2', 'failed@3', 'success@4'],
      ['failed@1 failed@2 failed@3 success@4'],
    ],
    ['with a late event in its place', { ordered: true }, ['success@9', 'failed@1'], ['failed@1 success@9']],
    ['but not with one that is later than ten minutes', { ordered: true }, ['success@12', 'failed@1'], ['late 1']],
  ])('%s', (_, more, events, expected) => {
    expect(played(asking(more), ...events)).toEqual(expected);
  });
});

test('a late event completes a window that ended before the newest event', () => {
  expect(played(asking({ count: 3, within: 2 * MINUTE }), 'failed@1', 'failed@2', 'failed@9', 'failed@1.5')).toEqual([
    'failed@1 failed@1.5 failed@2',
  ]);
});

test('an event belongs to the group of its values, without regard to case, and to none where it lacks one', () => {
  const event = (user: object) => ({ id: '1', origin: 'o', type: 't', time: '2026-03-01T09:00:00Z', user }) as never;
  const of = (user: object) => groupOf({ by: ['user.name', 'user.id'] }, event(user));
  expect(of({ name: 'Alice', id: 1 })).toBe(of({ name: 'ALICE', id: 1 }));
  expect(of({ name: 'alice', id: '1' })).not.toBe(of({ name: 'alice', id: 1 }));
  expect([of({ name: 'alice' }), of({ name: 'alice', id: null }), of({})]).toEqual([undefined, undefined, undefined]);
});

test('an event from the future counts from when it came', () => {
  const event = { id: '1', origin: 'o', type: 't', time: '2036-03-01T09:00:00Z' };
  expect(occurrenceOf({ distinct: {} }, 'failed', { event, key: 'k', accepted: 5 }).time).toBe(5);
});

const stories = fc.array(
  fc.record({ name: fc.constantFrom('failed', 'success'), time: fc.nat(40), ip: fc.constantFrom('a', 'b', 'c') }),
  { maxLength: 14 },
);
const askings = fc.record({
  count: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
  each: fc.constantFrom({}, { failed: 2 }, { failed: 1, success: 2 }),
  distinct: fc.constantFrom<Correlation['distinct']>({}, { ip: 2 }),
  ordered: fc.boolean(),
});

test('what completes a group is within the time, in its order, has the last event, and is all that was asked for', () => {
  fc.assert(
    fc.property(stories, askings, (story, { count, ...more }) => {
      const correlation = asking({ ...more, ...(count === undefined ? {} : { count }) });
      let group: readonly Occurrence[] = [];
      for (const [index, { name, time, ip }] of story.entries()) {
        const next = { key: String(index), name, time: time * MINUTE, values: { ip: [ip] } };
        const joined = join(correlation, group, next);
        if (joined === 'late') {
          expect(next.time).toBeLessThan(Math.max(...group.map(each => each.time)) - LATE);
          continue;
        }
        expect(joined.group.map(each => each.time)).toEqual(
          joined.group.map(each => each.time).toSorted((a, b) => a - b),
        );
        const { complete } = joined;
        if (complete !== undefined) {
          const times = complete.map(each => each.time);
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(correlation.within);
          expect(complete).toContain(next);
          expect(conditionsOf(correlation, complete).every(({ holds }) => holds)).toBe(true);
        }
        group = complete === undefined ? joined.group : [];
      }
    }),
  );
});
