import { expect, test } from 'vitest';
import { covers, parseNetwork } from './network.ts';

test.each([
  ['10.0.0.0/8', { family: 4, first: 0x0a000000n, length: 8 }],
  ['10.1.2.3/8', { family: 4, first: 0x0a000000n, length: 8 }],
  ['192.0.2.1', { family: 4, first: 0xc0000201n, length: 32 }],
  ['0.0.0.0/0', { family: 4, first: 0n, length: 0 }],
  ['::/0', { family: 6, first: 0n, length: 0 }],
  ['2001:DB8:0::1', { family: 6, first: (0x20010db8n << 96n) | 1n, length: 128 }],
  ['fd00::/8', { family: 6, first: 0xfdn << 120n, length: 8 }],
  ['::ffff:10.0.0.1', { family: 4, first: 0x0a000001n, length: 32 }],
  ['::ffff:10.0.0.1/104', { family: 4, first: 0x0a000000n, length: 8 }],
])('%s is a network', (text, expected) => {
  expect(parseNetwork(text)).toEqual(expected);
});

test.each([
  '',
  '10.0.0',
  '10.0.0.256',
  '010.0.0.1',
  '0x7f.1',
  '10.0.0.1/33',
  '10.0.0.1/',
  '10.0.0.1/08',
  '10.0.0.1/-1',
])('%s is none', text => {
  expect(parseNetwork(text)).toBeUndefined();
});

test.each([':', 'fe80::1%eth0', '::1/129', '1:2:3:4:5:6:7', '::ffff:10.0.0.1/8', 'host.example', '[::1]'])(
  '%s is none either',
  text => {
    expect(parseNetwork(text)).toBeUndefined();
  },
);

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.0.0.0/8', '10.0.0.0/7', false],
  ['10.0.0.0/8', '::ffff:10.9.9.9', true],
  ['0.0.0.0/0', '::1', false],
  ['::/0', '2001:db8::1', true],
  ['2001:db8::/32', '2001:db8:ffff::/48', true],
])('%s covers %s: %s', (outer, inner, expected) => {
  const [a, b] = [parseNetwork(outer), parseNetwork(inner)];
  expect(a !== undefined && b !== undefined && covers(a, b)).toBe(expected);
});
