import { describe, expect, it } from 'vitest';
import { isInNetwork, isPrivateAddress } from './address.ts';

describe('addresses', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['2001:db8::1', '2001:db8::/32', true],
    ['2001:db9::1', '2001:db8::/32', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.0.0.0/104', true],
    ['11.1.2.3', '::ffff:10.0.0.0/104', false],
    ['10.1.2.3', '::ffff:10.0.0.0/8', undefined],
    ['10.1.2.3', '10.0.0.0/08', undefined],
    ['10.1.2.3', '2001:db8::/32', false],
    ['evil.example', '10.0.0.0/8', false],
    ['', '10.0.0.0/8', false],
    ['010.1.2.3', '10.0.0.0/8', false],
    ['0x0a.1.2.3', '10.0.0.0/8', false],
    ['167837955', '10.0.0.0/8', false],
    ['10.1.2.3', '10.0.0.0/33', undefined],
    ['10.1.2.3', '10.0.0.0/', undefined],
    ['10.1.2.3', '10.0.0.0/-1', undefined],
    ['10.1.2.3', '10/8', undefined],
    ['10.1.2.3', 'office', undefined],
  ])('%s in %s: %s', (address, network, expected) => expect(isInNetwork(address, network)).toBe(expected));

  it.each([
    ['192.168.1.1', true],
    ['172.16.0.1', true],
    ['127.0.0.1', true],
    ['169.254.1.1', true],
    ['100.64.0.1', true],
    ['fd00::1', true],
    ['fe80::1', true],
    ['::ffff:10.0.0.1', true],
    ['8.8.8.8', false],
    ['2001:4860:4860::8888', false],
    ['intranet.example', false],
    ['10', false],
  ])('%s is private: %s', (address, expected) => expect(isPrivateAddress(address)).toBe(expected));
});
