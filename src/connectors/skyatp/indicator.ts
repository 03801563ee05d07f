import { canonicalAddress } from '../../base/address.ts';
import type { Kind } from './client-lists.ts';
import type { List } from './client.ts';

/** The product's interface says block and allow, its API has the older words. */
export function listOf(name: 'block' | 'allow'): List {
  return name === 'block' ? 'blacklist' : 'whitelist';
}

/** One spelling for each entry, so that two can be compared. How the product itself compares is not documented; a URL stays. */
export function canonicalEntry(kind: Kind, value: string): string {
  const text = value.trim();
  if (kind === 'ip') return canonicalAddress(text);
  return kind === 'domain' ? text.toLowerCase().replace(/\.$/, '') : text;
}
