import { expect, test } from 'vitest';
import type { Json } from '../base/json.ts';
import { matches } from './match.ts';
import { asks, event, field, match } from './match.kit.ts';
import type { List } from './types.ts';

type Case = readonly [
  key: string,
  wanted: string | number | boolean | null,
  actual: Json | undefined,
  expected: boolean,
];

const cases: readonly Case[] = [
  ['x', 'Alpha', 'alpha', true],
  ['x', 'alpha', 'ALPHA', true],
  ['x', 'alpha', 'alphabet', false],
  ['x', 'alph*', 'alphabet', true],
  ['x', 'alph?', 'ALPHA', true],
  ['x', '', '', true],
  ['x', '', undefined, false],
  ['x', '*', undefined, false],
  ['x', '*', null, false],
  ['x', 4625, 4625, true],
  ['x', 4625, '4625', true],
  ['x', '4625', 4625, true],
  ['x', 4625, 4624, false],
  ['x', true, true, true],
  ['x', true, 'True', true],
  ['x', 'TRUE', true, true],
  ['x', true, false, false],
  ['x', null, null, true],
  ['x', null, undefined, true],
  ['x', null, '', false],
  ['x', null, 'null', false],
  ['x', 'null', null, false],
  ['x', 'b', ['a', 'b'], true],
  ['x', 'c', ['a', 'b'], false],
  ['x', 'a', [], false],
  ['x', 'a', [['a']], false],
  ['x', 'a', { a: 'a' }, false],
  ['x.y', 'a', { y: 'a' }, true],
  ['x.0', 'a', ['a'], false],
  ['x.length', 1, ['a'], false],
  ['x.constructor.name', 'Object', {}, false],
  ['__proto__|exists', true, 1, false],

  ['x|contains', 'whoami', 'cmd /c WhoAmI', true],
  ['x|contains', 'a*c', 'xabcx', true],
  ['x|contains', 5, 12_534, true],
  ['x|startswith', 'cmd', 'CMD.exe', true],
  ['x|startswith', 'md', 'cmd.exe', false],
  ['x|endswith', '\\cmd.exe', 'C:\\Windows\\cmd.exe', true],
  ['x|endswith', 'cmd', 'cmd.exe', false],

  ['x|re', 'ad+min', 'an addmin', true],
  ['x|re', 'admin', 'ADMIN', false],
  ['x|re', '(?i)admin', 'ADMIN', true],
  ['x|re', '^a$', 'ba', false],
  ['x|re', '^5$', 5, true],
  ['x|re', '(', '(', false],
  ['x|re', '(a)\\1', 'aa', false],

  ['x|cidr', '10.0.0.0/8', '10.1.2.3', true],
  ['x|cidr', '10.0.0.0/8', ['192.0.2.1', '10.1.2.3'], true],
  ['x|cidr', '10.0.0.0/8', '11.1.2.3', false],
  ['x|cidr', '10.0.0.0/8', 'WIN7', false],
  ['x|cidr', 'ten', '10.0.0.1', false],

  ['x|gt', 40, 41, true],
  ['x|gt', 40, 40, false],
  ['x|gte', 40, 40, true],
  ['x|gte', '40', '40.0', true],
  ['x|lt', 40, 39.9, true],
  ['x|lt', 40, 40, false],
  ['x|lte', 40, 40, true],
  ['x|lte', 40, undefined, false],
  ['x|lte', 40, '', false],
  ['x|lte', 40, null, false],
  ['x|lte', 40, true, false],
  ['x|gt', 40, '0x50', false],
  ['x|gt', 'many', 50, false],
  ['x|gt', 40, [1, 50], true],

  ['x|exists', true, '', true],
  ['x|exists', true, null, true],
  ['x|exists', true, [], true],
  ['x|exists', true, undefined, false],
  ['x|exists', false, undefined, true],
  ['x|exists', false, 0, false],

  ['x|windash|contains', ' -enc', 'ps /ENC a', true],
  ['x|windash|contains', ' /enc', 'ps –enc a', true],
  ['x|windash|contains', '-a /b', '―A —B', true],
  ['x|windash|contains', ' -enc', 'ps enc', false],
  ['x|windash', '-?nc', '/enc', true],

  ['x|base64offset|contains', 'foobar', `x${Buffer.from('a foobar b').toString('base64')}`, true],
  ['x|base64offset|contains', 'foobar', Buffer.from('a food b').toString('base64'), false],
  ['x|base64offset|contains', 'fo*ar', Buffer.from('foobar').toString('base64'), false],

  ['x|not', 'a', 'b', true],
  ['x|not', 'a', 'a', false],
  ['x|not', 'a', undefined, true],
  ['x|not', 'a', ['a', 'b'], false],
  ['x|not', null, 'a', true],
  ['x|not', null, undefined, false],
  ['x|contains|not', 'a', 'cat', false],
  ['x|gt|not', 40, 40, true],
  ['x|exists|not', true, undefined, true],
  // A value that cannot be read matches nothing, whichever way it is asked.
  ['x|re|not', '(', 'a', false],
  ['x|cidr|not', 'ten', 'a', false],
  ['x|inlist|not', 'nowhere', 'a', false],
  ['x|base64offset|contains|not', '', 'a', false],
];

test.each(cases)('%s: %j asks of %j: %s', (key, wanted, actual, expected) => {
  expect(asks(field(key, wanted), actual)).toBe(expected);
});

test('values are alternatives, with all they are all needed', () => {
  expect(asks(field('x', 'a', 'b'), 'b')).toBe(true);
  expect(asks(field('x|contains|all', 'a', 'b'), 'cab')).toBe(true);
  expect(asks(field('x|contains|all', 'a', 'b'), 'cat')).toBe(false);
  expect(asks(field('x|contains|all|not', 'a', 'b'), 'cat')).toBe(true);
  expect(asks(field('x|not', 'a', 'b'), 'b')).toBe(false);
});

test('with all each value may be matched by another item of a list', () => {
  expect(asks(field('x|all', 'a', 'b'), ['b', 'c', 'a'])).toBe(true);
  expect(asks(field('x|all', 'a', 'b'), ['b', 'c'])).toBe(false);
});

test.each([
  ['x|fieldref', 'A', 'a', true],
  ['x|fieldref', 'a', 'b', false],
  ['x|fieldref', 5, '5', true],
  ['x|fieldref', ['a', 'b'], ['c', 'b'], true],
  ['x|fieldref', null, null, false],
  ['x|fieldref|startswith', 'abc', 'ab', true],
  ['x|fieldref|endswith', 'abc', 'bc', true],
  ['x|fieldref|contains', 'abc', 'b', true],
  ['x|fieldref|contains', 'abc', '*', false],
  ['x|fieldref|not', 'a', 'b', true],
] satisfies readonly (readonly [string, Json, Json, boolean])[])('%s of %j to %j: %s', (key, x, y, expected) => {
  expect(matches(match([field(key, 'y.z')]), event({ x, y: { z: y } }), {}, {})).toBe(expected);
});

test('inlist asks a file list, by its kind', () => {
  const lists: { readonly [name: string]: List } = { bad: { kind: 'domain', values: ['evil.example'] } };
  expect(asks(field('x|inlist', 'bad'), 'www.evil.example', lists)).toBe(true);
  expect(asks(field('x|inlist', 'bad'), ['a.example', 'evil.example'], lists)).toBe(true);
  expect(asks(field('x|inlist|not', 'bad'), 'a.example', lists)).toBe(true);
  expect(asks(field('x|inlist', 'good'), 'evil.example', lists)).toBe(false);
});
