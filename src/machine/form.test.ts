import { expect, test } from 'vitest';
import type { FormField } from './form.ts';
import { fillIn, fillInTexts } from './form.ts';

const FORM: readonly FormField[] = [
  { id: 'why', type: 'text', label: 'Why?', required: true, max: 10 },
  { id: 'kind', type: 'choice', label: 'What is it?', required: false, options: ['drill', 'real'] },
  { id: 'until', type: 'date', label: 'Until when?', required: false },
  { id: 'hosts', type: 'number', label: 'How many?', required: false, max: 5 },
  { id: 'sure', type: 'boolean', label: 'Sure?', required: false },
];

test('what fits is taken as it is', () => {
  const fields = { why: 'a drill', kind: 'drill', until: '2028-02-29', hosts: 4.5, sure: false };
  expect(fillIn(FORM, fields)).toEqual({ fields });
});

test('what is left empty is left out', () => {
  expect(fillIn(FORM, { why: 'x', kind: '', until: null, hosts: ' ' })).toEqual({ fields: { why: 'x' } });
});

test.each([
  [{}, 'why must be filled in: a text of at most 10 characters'],
  [{ why: '  ' }, 'why must be filled in: a text of at most 10 characters'],
  [{ why: 'elevenchars' }, 'why must be a text of at most 10 characters, is "elevenchars"'],
  [{ why: 3 }, 'why must be a text of at most 10 characters, is 3'],
  [{ why: ['x'] }, 'why must be a text of at most 10 characters, is something else'],
  [{ why: 'x', kind: 'Drill' }, 'kind must be one of drill, real, is "Drill"'],
  [{ why: 'x', until: '2026-02-30' }, 'until must be a date such as 2026-11-24, is "2026-02-30"'],
  [{ why: 'x', until: '2026-11-24T00:00:00Z' }, 'until must be a date such as 2026-11-24, is "2026-11-24T00:00:00Z"'],
  [{ why: 'x', hosts: 6 }, 'hosts must be a number, at most 5, is 6'],
  [{ why: 'x', hosts: '4' }, 'hosts must be a number, at most 5, is "4"'],
  [{ why: 'x', sure: 'true' }, 'sure must be true or false, is "true"'],
  [{ why: 'x', wy: 'y' }, 'there is no field "wy"; did you mean "why"?; fields: why, kind, until, hosts, sure'],
  [{ why: 'x', constructor: 'y' }, 'there is no field "constructor"; fields: why, kind, until, hosts, sure'],
  ['why', 'the fields must be a map from names to values'],
])('%j is not taken: %s', (given, problem) => {
  expect(fillIn(FORM, given)).toEqual({ problems: [problem] });
});

test('all that is wrong is said at once', () => {
  expect(fillIn(FORM, { kind: 'x', hosts: 9 })).toMatchObject({ problems: { length: 3 } });
});

test('texts become what their fields want, and what cannot be is said', () => {
  expect(fillInTexts(FORM, { why: '1', hosts: '2', sure: 'true' })).toEqual({
    fields: { why: '1', hosts: 2, sure: true },
  });
  expect(fillInTexts(FORM, { why: 'x', hosts: 'two', sure: 'yes' })).toEqual({
    problems: ['hosts must be a number, at most 5, is "two"', 'sure must be true or false, is "yes"'],
  });
});

test('without a form nothing may be filled in', () => {
  expect(fillIn([], {})).toEqual({ fields: {} });
  expect(fillIn([], { why: 'x' })).toEqual({ problems: ['there is no field "why"; fields: none'] });
});
