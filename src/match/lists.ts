import ipaddr from 'ipaddr.js';
import type { Json } from '../base/json.ts';
import type { List } from './types.ts';

/** Whether a value is in a file list; the kind decides how it is compared (LANGUAGE 9.2). An unknown list holds nothing. */
export function inList(lists: { readonly [name: string]: List }, value: Json, name: string): boolean {
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (list === undefined || typeof value !== 'string') return false;
  const found = value.trim();
  return list.values.some(entry => MATCHES[list.kind](found, entry));
}

const MATCHES: Record<List['kind'], (value: string, entry: string) => boolean> = {
  ip: inNetwork,
  domain: (value, entry) => {
    const domain = value.toLowerCase().replace(/\.$/, '');
    const parent = entry.toLowerCase().replace(/\.$/, '');
    return domain === parent || domain.endsWith(`.${parent}`);
  },
  hash: sameFolded,
  name: sameFolded,
  email: sameFolded,
  text: (value, entry) => value === entry,
};

function sameFolded(value: string, entry: string): boolean {
  return value.toLowerCase() === entry.toLowerCase();
}

/** An address in an address or a network in CIDR form; IPv4 in IPv6 is the IPv4 address. */
export function inNetwork(value: string, entry: string): boolean {
  if (!ipaddr.isValid(value)) return false;
  const address = ipaddr.process(value);
  if (!entry.includes('/')) return ipaddr.isValid(entry) && ipaddr.process(entry).toString() === address.toString();
  if (!ipaddr.isValidCIDR(entry)) return false;
  const [network, bits] = ipaddr.parseCIDR(entry);
  return address.kind() === network.kind() && address.match(network, bits);
}
