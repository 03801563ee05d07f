import type { Network } from '../base/network.ts';
import { parseNetwork, widthOf } from '../base/network.ts';

/**
 * Addresses and networks in CIDR form, as one question that costs one look-up for each length of prefix among them.
 * IPv4 in IPv6 is the IPv4 address. What cannot be read holds nothing.
 */
export function readNetworks(entries: readonly string[]): (text: string) => boolean {
  const byLength = new Map<number, Set<string>>();
  for (const text of entries) {
    const network = parseNetwork(text);
    if (network === undefined) continue;
    const prefixes = byLength.get(network.length) ?? new Set();
    byLength.set(network.length, prefixes.add(entry(network, network.length)));
  }
  return text => {
    const address = parseNetwork(text);
    if (address === undefined || address.length < widthOf(address.family)) return false;
    for (const [length, prefixes] of byLength) {
      if (length <= address.length && prefixes.has(entry(address, length))) return true;
    }
    return false;
  };
}

/** Whether a text is an address, or a network in CIDR form. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

/** One spelling for all that write the same address or network; undefined for what is neither. */
export function networkEntry(text: string): string | undefined {
  const network = parseNetwork(text);
  return network && entry(network, network.length);
}

/** An address or network, and every network around it, the closest first. */
export function networkEntries(text: string): string[] {
  const network = parseNetwork(text);
  if (network === undefined) return [];
  return Array.from({ length: network.length + 1 }, (_, index) => entry(network, network.length - index));
}

/** The first `length` bits, with the kind of address: equal for all addresses of a network, and for no others. */
function entry({ family, first }: Network, length: number): string {
  const rest = BigInt(widthOf(family) - length);
  return `ipv${family} ${(first >> rest).toString(16)}/${length}`;
}
