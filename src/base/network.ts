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

/** Whether an address, or all of a network, lies in one of these; false where the text is neither. */
export function isWithin(text: string, networks: readonly Network[]): boolean {
  const inner = parseNetwork(text);
  return inner !== undefined && networks.some(network => covers(network, inner));
}

/** Whether they have an address in common. */
export function overlap(a: Network, b: Network): boolean {
  return covers(a, b) || covers(b, a);
}

/** `10.0.0.0/8`, and a single address without its length. */
export function formatNetwork({ family, first, length }: Network): string {
  const address = family === 4 ? dotted(first) : colons(first);
  return length === widthOf(family) ? address : `${address}/${length}`;
}

/**
 * The fewest networks with the same addresses, IPv4 first and then by number: what lies in another is left out, and two
 * halves become one.
 */
export function collapse(networks: readonly Network[]): Network[] {
  const kept: Network[] = [];
  for (const network of networks.toSorted(byNumber)) {
    const last = kept.at(-1);
    if (last !== undefined && covers(last, network)) continue;
    kept.push(network);
    for (let whole = wholeOf(kept.at(-2), kept.at(-1)); whole !== undefined; whole = wholeOf(kept.at(-2), kept.at(-1)))
      kept.splice(-2, 2, whole);
  }
  return kept;
}

function byNumber(a: Network, b: Network): number {
  if (a.family !== b.family) return a.family - b.family;
  return a.first === b.first ? a.length - b.length : a.first < b.first ? -1 : 1;
}

/** The network of which the two are the halves, the lower one first. */
function wholeOf(lower: Network | undefined, upper: Network | undefined): Network | undefined {
  if (lower === undefined || upper === undefined || lower.length !== upper.length || lower.length === 0)
    return undefined;
  const whole = { ...lower, length: lower.length - 1 };
  const rest = BigInt(widthOf(lower.family) - whole.length);
  const isAligned = (lower.first >> rest) << rest === lower.first;
  return isAligned && lower.first !== upper.first && covers(whole, upper) ? whole : undefined;
}

function dotted(value: bigint): string {
  return [24n, 16n, 8n, 0n].map(shift => String((value >> shift) & 0xffn)).join('.');
}

function colons(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
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

/** What nobody has but inside a house: RFC 1918, RFC 6598 and RFC 4193. */
export const PRIVATE_NETWORKS: readonly Network[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
].flatMap(text => parseNetwork(text) ?? []);
