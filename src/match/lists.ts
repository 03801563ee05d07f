import ipaddr from 'ipaddr.js';
import type { Json } from '../base/json.ts';
import type { Network } from '../base/network.ts';
import { overlap, parseNetwork } from '../base/network.ts';
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
 * Whether two addresses or networks in CIDR form have an address in common. Guardrails ask this, so every spelling counts
 * that some resolver reads as an address: `0x7f.1` is in `127.0.0.0/8`, and IPv4 in IPv6 is the IPv4 address.
 */
export function meet(one: string, other: string): boolean {
  const [a, b] = [readLeniently(one), readLeniently(other)];
  return a !== undefined && b !== undefined && overlap(a, b);
}

function readLeniently(text: string): Network | undefined {
  const slash = text.indexOf('/');
  const [address, length] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash)];
  // The zone of an address says by which interface it is reached.
  const plain = address.replace(/%.*$/, '');
  if (!ipaddr.isValid(plain)) return undefined;
  return parseNetwork(`${plain.includes(':') ? plain : ipaddr.process(plain).toString()}${length}`);
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
