import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isInNetwork } from '../expr/address.ts';
import { isNetwork, readNetworks } from './networks.ts';

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.3/32', true],
  ['10.1.2.9', '10.1.2.8/31', true],
  ['10.1.2.10', '10.1.2.8/31', false],
  ['255.255.255.255', '0.0.0.0/0', true],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['2001:DB8::1', '2001:db8::/32', true],
  ['2001:db9::1', '2001:db8::/32', false],
  ['10.1.2.3', '::/0', false],
  ['0x7f.1', '127.0.0.0/8', false],
  ['010.0.0.1', '10.0.0.0/8', false],
  ['WIN7', '10.0.0.0/8', false],
  ['10.1.2.3', '10.0.0.0/33', false],
  ['10.1.2.3', 'internal', false],
])('%s in %s: %s', (address, network, expected) => {
  expect(readNetworks([network])(address)).toBe(expected);
});

test('a text is a network if it can be read as one', () => {
  expect(['10.0.0.0/8', '10.0.0.1', '::/0'].filter(isNetwork)).toHaveLength(3);
  expect(['10.0.0.0/33', '10.0.0.0/x', 'x/8', '/8', ''].filter(isNetwork)).toHaveLength(0);
});

test('networks say what in_cidr says', () => {
  const mapped = fc.ipV4().map(address => `::ffff:${address}`);
  const ip = fc.oneof(fc.ipV4(), fc.ipV6(), mapped);
  fc.assert(
    fc.property(ip, ip, fc.nat(128), (address, network, length) => {
      const entry = `${network}/${length}`;
      expect(readNetworks([entry])(address)).toBe(isInNetwork(address, entry) ?? false);
    }),
  );
});
