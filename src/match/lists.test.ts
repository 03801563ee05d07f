import { expect, test } from 'vitest';
import { entriesFor, entryOf, misfitOf } from './kept.ts';
import { inList, meet } from './lists.ts';
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
  expect(meet('0x7f.1', '127.0.0.0/8')).toBe(true);
  expect(meet('::ffff:10.0.0.1', '10.0.0.1')).toBe(true);
  expect(meet('host', '10.0.0.0/8')).toBe(false);
  expect(meet('10.0.0.1', '10.0.0.0/99')).toBe(false);
});

test.each([
  ['ip', '0x7f.1', 'an address or a network'],
  ['ip', '10.0.0.0/33', 'an address or a network'],
  ['domain', 'https://evil.example/', 'a domain; all domains below one that is listed are meant as well'],
  ['domain', '*.evil.example', 'a domain; all domains below one that is listed are meant as well'],
  ['domain', '10.0.0.1', 'a domain; all domains below one that is listed are meant as well'],
  ['hash', 'abcdef', 'an MD5, SHA-1 or SHA-256'],
  ['email', 'admin', 'a mail address'],
] as const)('a list of kind %s does not have %s', (kind, value, wanted) => {
  expect(misfitOf(kind, value)).toBe(wanted);
});

test.each([
  ['ip', '2001:db8::/32'],
  ['domain', '_dmarc.bücher.example.'],
  ['hash', 'D41D8CD98F00B204E9800998ECF8427E'],
  ['email', 'a@b'],
  ['name', '*'],
  ['text', ''],
] as const)('a list of kind %s has %s', (kind, value) => {
  expect(misfitOf(kind, value)).toBeUndefined();
});

test.each([
  ['ip', '10.1.2.3', '10.0.0.0/8', true],
  ['ip', '::ffff:10.1.2.3', '10.1.2.3', true],
  ['ip', '10.0.0.0/9', '10.0.0.0/8', true],
  ['ip', '10.0.0.0/8', '10.0.0.0/9', false],
  ['ip', '11.0.0.1', '10.0.0.0/7', true],
  ['ip', '11.0.0.1', '10.0.0.0/8', false],
  ['ip', '::1', '0.0.0.0/0', false],
  ['domain', 'a.EVIL.example', 'evil.example.', true],
  ['domain', 'evil.example', 'a.evil.example', false],
  ['hash', 'ABCDEF', 'abcdef', true],
  ['text', 'A', 'a', false],
] as const)('of kind %s, %s is found where %s is listed: %s', (kind, value, listed, found) => {
  expect(entriesFor(kind, value).includes(entryOf(kind, listed))).toBe(found);
});
