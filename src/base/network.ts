import ipaddr from 'ipaddr.js';

/** A range of addresses, `10.0.0.0/8`; a single address is the range of one. */
export interface Network {
  readonly family: 4 | 6;
  /** The first address, its host bits cut off. */
  readonly first: bigint;
  /** Length of the prefix. */
  readonly length: number;
}

/**
 * Reads an address or a network in CIDR form; host bits are cut off. An IPv4 address that is written as IPv6
 * (`::ffff:10.0.0.1`) is the IPv4 address. Undefined where the text is neither, leading zeros included.
 */
export function parseNetwork(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const { written } = address;
  const digits = slash < 0 ? String(written) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > written) return undefined;
  const { family, value } = address;
  // What is written as IPv6 counts its prefix from there.
  const length = Number(digits) - (written - widthOf(family));
  if (length < 0) return undefined;
  const rest = BigInt(widthOf(family) - length);
  return { family, first: (value >> rest) << rest, length };
}

/** Whether all of `inner` lies in `outer`. */
export function covers(outer: Network, inner: Network): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  const rest = BigInt(widthOf(outer.family) - outer.length);
  return outer.first >> rest === inner.first >> rest;
}

/** Bits of an address. */
export function widthOf(family: Network['family']): number {
  return family === 4 ? 32 : 128;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  /** Bits that it was written with. */
  readonly written: number;
}

/** Dotted IPv4 without leading zeros, or IPv6: not the other ways in which old resolvers read numbers. */
function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  const isColons = text.includes(':');
  if (isColons ? !ipaddr.IPv6.isValid(text) || text.includes('%') : !ipaddr.IPv4.isValidFourPartDecimal(text))
    return undefined;
  const address = ipaddr.process(text);
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: address.kind() === 'ipv4' ? 4 : 6, value, written: isColons ? 128 : 32 };
}
