import ipaddr from 'ipaddr.js';
import type { Json } from '../base/json.ts';
import { entriesFor, entryOf } from './kept.ts';
import { readNetworks } from './networks.ts';
import type { List } from './types.ts';

/** Whether a value is in a file list; the kind decides how it is compared (LANGUAGE 9.2). An unknown list holds nothing. */
export function inList(lists: { readonly [name: string]: List }, value: Json, name: string): boolean {
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (list === undefined || typeof value !== 'string') return false;
  return membership(list)(value.trim());
}

/**
 * An address in an address or a network in CIDR form; IPv4 in IPv6 is the IPv4 address. Guardrails ask this, so every
 * spelling counts that some resolver reads as an address: `0x7f.1` is in `127.0.0.0/8`.
 */
export function inNetwork(value: string, entry: string): boolean {
  if (!ipaddr.isValid(value)) return false;
  const address = ipaddr.process(value);
  if (!entry.includes('/')) return ipaddr.isValid(entry) && ipaddr.process(entry).toString() === address.toString();
  if (!ipaddr.isValidCIDR(entry)) return false;
  const [network, bits] = ipaddr.parseCIDR(entry);
  return address.kind() === network.kind() && address.match(network, bits);
}

type Membership = (value: string) => boolean;

// Lists never change: a list that was read once is known for as long as anybody holds it.
const known = new WeakMap<List, Membership>();

function membership(list: List): Membership {
  const kept = known.get(list);
  if (kept !== undefined) return kept;
  const made = list.kind === 'ip' ? readNetworks(list.values) : readEntries(list);
  known.set(list, made);
  return made;
}

function readEntries({ kind, values }: List): Membership {
  const entries = new Set(values.map(value => entryOf(kind, value)));
  return value => entriesFor(kind, value).some(entry => entries.has(entry));
}
