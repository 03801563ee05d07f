import { expect, test } from 'vitest';
import { inList, inNetwork } from './lists.ts';
import type { List } from './types.ts';
import { cpuTime } from '../../test/kit/cpu.ts';

const lists: { readonly [name: string]: List } = {
  ips: { kind: 'ip', values: ['10.0.0.0/8', '192.0.2.7', '2001:db8::/32'] },
  domains: { kind: 'domain', values: ['example.org', 'Evil.Example.'] },
  hashes: { kind: 'hash', values: ['ABCDEF'] },
  names: { kind: 'name', values: ['DC-01'] },
  emails: { kind: 'email', values: ['Admin@example.org'] },
  texts: { kind: 'text', values: ['Exact'] },
};

test.each([
  ['ips', '10.9.9.9', true],
  ['ips', ' 192.0.2.7 ', true],
  ['ips', '::ffff:192.0.2.7', true],
  ['ips', '192.0.2.8', false],
  ['ips', 'example.org', false],
  ['domains', 'example.org', true],
  ['domains', 'WWW.Example.Org.', true],
  ['domains', 'a.b.evil.example', true],
  ['domains', 'notexample.org', false],
  ['domains', 'org', false],
  ['domains', '', false],
  ['hashes', 'abcdef', true],
  ['names', 'dc-01', true],
  ['names', 'dc-01.corp', false],
  ['emails', 'admin@EXAMPLE.org', true],
  ['texts', 'Exact', true],
  ['texts', 'exact', false],
  ['unknown', 'Exact', false],
  ['toString', 'Exact', false],
])('in %s, %s is: %s', (name, value, expected) => {
  expect(inList(lists, value, name)).toBe(expected);
});

test('only text is in a list', () => {
  expect(inList(lists, 1, 'texts')).toBe(false);
  expect(inList(lists, null, 'texts')).toBe(false);
});

test('a domain of a million labels is answered at once', () => {
  const spent = cpuTime(() => {
    expect(inList(lists, 'a.'.repeat(1_000_000), 'domains')).toBe(false);
  });
  expect(spent).toBeLessThan(500);
});

test('a guardrail sees an address through any spelling', () => {
  expect(inNetwork('0x7f.1', '127.0.0.0/8')).toBe(true);
  expect(inNetwork('::ffff:10.0.0.1', '10.0.0.1')).toBe(true);
  expect(inNetwork('host', '10.0.0.0/8')).toBe(false);
  expect(inNetwork('10.0.0.1', '10.0.0.0/99')).toBe(false);
});
