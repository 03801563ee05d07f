import ipaddr from 'ipaddr.js';
import { covers, parseNetwork, widthOf } from '../base/network.ts';

type Address = ReturnType<typeof ipaddr.process>;

/**
 * Whether an address lies in a network, `10.0.0.0/8` or a single address, both spelt as `match` and lists want them;
 * undefined when the network cannot be read.
 */
export function isInNetwork(address: string, network: string): boolean | undefined {
  const outer = parseNetwork(network);
  if (outer === undefined) return undefined;
  const inner = parseNetwork(address);
  return inner !== undefined && inner.length === widthOf(inner.family) && covers(outer, inner);
}

/** Whether an address is one that no one on the internet can reach; false for a domain or anything else. */
export function isPrivateAddress(text: string): boolean {
  const range = readAddress(text)?.range();
  return range !== undefined && PRIVATE.has(range);
}

const PRIVATE: ReadonlySet<string> = new Set([
  'private',
  'loopback',
  'linkLocal',
  'uniqueLocal',
  'carrierGradeNat',
  'unspecified',
]);

// ipaddr.js also reads `0x7f.1` and `010.0.0.1` as old resolvers did; an address in an event that is written so is not one.
const DOTTED = /^\d{1,3}(\.\d{1,3}){3}$/;

function readAddress(text: string): Address | undefined {
  if (text.length > 45 || !(DOTTED.test(text) || text.includes(':'))) return undefined;
  if (!text.includes(':') && /(^|\.)0\d/.test(text)) return undefined;
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}
