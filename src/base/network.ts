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

const MAPPED = 0xffffn;

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
  /** Bits that it was written with. */
  readonly written: number;
}

function parseAddress(text: string): Address | undefined {
  if (!text.includes(':')) {
    const value = parseDotted(text);
    return value === undefined ? undefined : { family: 4, value, written: 32 };
  }
  const value = parseColons(text);
  if (value === undefined) return undefined;
  if (value >> 32n === MAPPED) return { family: 4, value: value & 0xffffffffn, written: 128 };
  return { family: 6, value, written: 128 };
}

function parseDotted(text: string): bigint | undefined {
  const parts = text.split('.');
  const isAddress = parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isAddress ? parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) : undefined;
}

function parseColons(text: string): bigint | undefined {
  const url = `http://[${text}]/`;
  if (text.length > 45 || !/^[0-9a-fA-F:.]+$/.test(text) || !URL.canParse(url)) return undefined;
  // The URL has written it in its one short form, without dots.
  const [before = '', after] = new URL(url).hostname.slice(1, -1).split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => '0'), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}
