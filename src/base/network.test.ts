import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Network } from './network.ts';
import { collapse, covers, formatNetwork, overlap, parseNetwork } from './network.ts';

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (parsed === undefined) throw new Error(`${text} is no network`);
  return parsed;
}

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
  expect(covers(network(outer), network(inner))).toBe(expected);
  if (expected) expect(overlap(network(inner), network(outer))).toBe(true);
});

test.each(['10.0.0.0/8', '192.0.2.1', '0.0.0.0/0', '::/0', '2001:db8::1', 'fd00::/8', '1:0:0:2::/64'])(
  '%s is written as it is read',
  text => {
    expect(formatNetwork(network(text))).toBe(text);
  },
);

test.each<[string, string[], string[]]>([
  ['nothing', [], []],
  [
    'by number, not by text',
    ['10.0.0.10', '10.0.0.9', '2001:db8::1', '9.0.0.0'],
    ['9.0.0.0', '10.0.0.9', '10.0.0.10', '2001:db8::1'],
  ],
  ['halves become one', ['10.0.0.0', '10.0.0.1', '10.0.0.2/31'], ['10.0.0.0/30']],
  ['neighbours of two wholes do not', ['10.0.0.1', '10.0.0.2'], ['10.0.0.1', '10.0.0.2']],
  ['what lies in another is left out', ['10.1.2.3', '10.0.0.0/8', '10.1.0.0/16'], ['10.0.0.0/8']],
  ['the same twice is once', ['::1', '0:0::1'], ['::1']],
  ['both halves of everything', ['0.0.0.0/1', '128.0.0.0/1'], ['0.0.0.0/0']],
])('%s', (_, given, expected) => {
  expect(collapse(given.map(network)).map(formatNetwork)).toEqual(expected);
});

test('the collapsed networks have the same addresses, and no two of them could be one', () => {
  // Small numbers, so that they meet.
  const some = fc
    .record({ first: fc.integer({ min: 0, max: 255 }), length: fc.integer({ min: 24, max: 32 }) })
    .map(({ first, length }) => network(`10.0.0.${first}/${length}`));
  fc.assert(
    fc.property(fc.array(some, { maxLength: 20 }), networks => {
      const collapsed = collapse(networks);
      for (let last = 0; last < 256; last++) {
        const address = network(`10.0.0.${last}`);
        expect(collapsed.filter(one => covers(one, address)).length).toBe(
          networks.some(one => covers(one, address)) ? 1 : 0,
        );
      }
      expect(collapse(collapsed)).toEqual(collapsed);
      expect(collapse(networks.toReversed())).toEqual(collapsed);
    }),
  );
});
