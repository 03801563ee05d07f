import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/**
 * Addresses and networks in CIDR form, as one question that costs one look-up for each length of prefix among them.
 * IPv4 in IPv6 is the IPv4 address. What cannot be read holds nothing.
 */
export function readNetworks(entries: readonly string[]): (text: string) => boolean {
  const byLength = new Map<number, Set<string>>();
  for (const entry of entries) {
    const network = readNetwork(entry);
    if (network === undefined) continue;
    const [address, length] = network;
    const prefixes = byLength.get(length) ?? new Set();
    byLength.set(length, prefixes.add(prefix(address, length)));
  }
  return text => {
    const address = readAddress(text);
    if (address === undefined) return false;
    for (const [length, prefixes] of byLength) {
      if (length <= bitsOf(address) && prefixes.has(prefix(address, length))) return true;
    }
    return false;
  };
}

/** Whether a text is an address, or a network in CIDR form. */
export function isNetwork(text: string): boolean {
  return readNetwork(text) !== undefined;
}

/** One spelling for all that write the same address or network; undefined for what is neither. */
export function networkEntry(text: string): string | undefined {
  const network = readNetwork(text);
  return network && entry(...network);
}

/** An address or network, and every network around it, the closest first. */
export function networkEntries(text: string): string[] {
  const network = readNetwork(text);
  if (network === undefined) return [];
  const [address, longest] = network;
  return Array.from({ length: longest + 1 }, (_, index) => entry(address, longest - index));
}

function entry(address: Address, length: number): string {
  return `${prefix(address, length)}/${length}`;
}

/** Dotted IPv4 without leading zeros, or IPv6: not the other ways in which old resolvers read numbers. */
function readAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined;
  if (text.includes(':')) return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
  return ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : undefined;
}

function readNetwork(text: string): readonly [Address, number] | undefined {
  const slash = text.indexOf('/');
  const address = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  if (slash < 0) return [address, bitsOf(address)];
  const digits = text.slice(slash + 1);
  const length = /^\d{1,3}$/.test(digits) ? Number(digits) : Infinity;
  return length <= bitsOf(address) ? [address, length] : undefined;
}

function bitsOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

/** The first `length` bits, with the kind of address: equal for all addresses of a network, and for no others. */
function prefix(address: Address, length: number): string {
  const bytes = address.toByteArray().slice(0, Math.ceil(length / 8));
  const rest = length % 8;
  if (rest > 0) bytes.push((bytes.pop() ?? 0) & (0xff << (8 - rest)));
  return `${address.kind()} ${bytes.join('.')}`;
}
