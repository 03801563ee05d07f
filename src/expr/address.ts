import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Whether an address lies in a network, `10.0.0.0/8` or a single address; undefined when the network cannot be read. */
export function isInNetwork(address: string, network: string): boolean | undefined {
  const range = readNetwork(network);
  if (range === undefined) return undefined;
  const read = readAddress(address);
  if (read === undefined || read.kind() !== range[0].kind()) return false;
  return read.match(range[0], range[1]);
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

function readNetwork(text: string): readonly [Address, number] | undefined {
  const slash = text.indexOf('/');
  const address = readAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  const longest = address.kind() === 'ipv4' ? 32 : 128;
  if (slash < 0) return [address, longest];
  const digits = text.slice(slash + 1);
  const length = /^\d{1,3}$/.test(digits) ? Number(digits) : Infinity;
  return length <= longest ? [address, length] : undefined;
}
