import { expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { labCatalogue } from '../../test/kit/lab.ts';
import { FACTS } from '../../test/machine/play.ts';
import { laneKeys, responseKey } from './response.ts';

function keyOf(action: string, input: Json, mode: 'active' | 'shadow' = 'active'): string {
  return responseKey(labCatalogue.actions.get(action) ?? expect.fail(`no ${action}`), input, { ...FACTS, mode });
}

test('a response is one per action and target, whatever else it is asked with', () => {
  expect(keyOf('lab.list', { host: 'h1', level: 2 })).toBe(keyOf('lab.list', { level: 1, host: 'h1' }));
  expect(keyOf('lab.list', { host: 'h1' })).not.toBe(keyOf('lab.list', { host: 'h2' }));
  expect(keyOf('lab.list', { host: 'h1' })).not.toBe(keyOf('lab.mark', { host: 'h1' }));
});

test('a shadow run never meets what is really in force', () => {
  expect(keyOf('lab.list', { host: 'h1' }, 'shadow')).not.toBe(keyOf('lab.list', { host: 'h1' }));
});

test('an action without typed targets is one per whole input', () => {
  expect(keyOf('lab.tell', { to: 'a', subject: 'x' })).toBe(keyOf('lab.tell', { subject: 'x', to: 'a' }));
  expect(keyOf('lab.tell', { to: 'a', subject: 'x' })).not.toBe(keyOf('lab.tell', { to: 'a', subject: 'y' }));
});

test('an action and its inverse share a lane, and case does not part them', () => {
  const [list, unlist] = ['lab.list', 'lab.unlist'].map(name => labCatalogue.actions.get(name) ?? expect.fail(name));
  const target = (value: string) => [{ input: 'host', kind: 'host', value }] as const;
  expect(list && laneKeys(list, target('H1'))).toEqual(unlist && laneKeys(unlist, target('h1')));
});
