import { expect, test } from 'vitest';
import type { PlaybookLinks } from '../action/connector.ts';
import { wayBack } from './links.ts';

const links = (given: { readonly [name: string]: Partial<PlaybookLinks> }) =>
  new Map(Object.entries(given).map(([name, own]) => [name, { wokenBy: [], emits: [], calls: [], ...own }] as const));

test('an event leads back through playbooks that it wakes, that these call, and that theirs wake', () => {
  const all = links({
    a: { wokenBy: ['local.z'], emits: ['local.x'] },
    b: { wokenBy: ['local.x'], calls: ['c'] },
    c: { emits: ['local.y', 'local.z'] },
    d: { wokenBy: ['local.y'] },
  });
  expect(wayBack('local.x', 'a', all)).toEqual(['b', 'c', 'local.z']);
  expect(wayBack('local.y', 'a', all)).toBeUndefined();
});

test('what wakes itself has nothing between, and a circle that it is not part of is no way back', () => {
  const all = links({
    a: { wokenBy: ['local.x'], emits: ['local.x', 'local.y'] },
    b: { wokenBy: ['local.y'], emits: ['local.y'] },
  });
  expect(wayBack('local.x', 'a', all)).toEqual([]);
  expect(wayBack('local.y', 'a', all)).toBeUndefined();
});
