import ipaddr from 'ipaddr.js';
import { networkEntries, networkEntry } from './networks.ts';
import type { ListKind } from './types.ts';

/** What a value must be and is not; undefined where it is of its kind. Names and texts may be anything. */
export function misfitOf(kind: ListKind, value: string): string | undefined {
  switch (kind) {
    case 'ip':
      return networkEntry(value) === undefined ? 'an address or a network' : undefined;
    case 'domain':
      return isDomain(value) ? undefined : 'a domain; all domains below one that is listed are meant as well';
    case 'hash':
      return /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(value) ? undefined : 'an MD5, SHA-1 or SHA-256';
    case 'email':
      return /^[^\s@]+@[^\s@]+$/.test(value) ? undefined : 'a mail address';
    case 'name':
    case 'text':
      return undefined;
  }
}

/** The one spelling under which a value that is of its kind stands in a list that is kept. */
export function entryOf(kind: ListKind, value: string): string {
  const plain = value.trim();
  switch (kind) {
    case 'ip':
      return networkEntry(plain) ?? plain;
    case 'domain':
      return plainDomain(plain);
    case 'hash':
    case 'name':
    case 'email':
      return plain.toLowerCase();
    case 'text':
      return plain;
  }
}

/** The entries by which a value is in a list: its own, then those of what it is part of, the closest first. */
export function entriesFor(kind: ListKind, value: string): readonly string[] {
  switch (kind) {
    case 'ip':
      return networkEntries(value.trim());
    case 'domain':
      return domainEntries(plainDomain(value.trim()));
    default:
      return [entryOf(kind, value)];
  }
}

function plainDomain(text: string): string {
  return text.toLowerCase().replace(/\.$/, '');
}

/** RFC 1035, 2.3.4: no domain is longer. It also bounds what a made-up one can cost. */
const LONGEST_DOMAIN = 255;

function domainEntries(domain: string): string[] {
  if (domain.length > LONGEST_DOMAIN) return [];
  const labels = domain.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

function isDomain(value: string): boolean {
  return (
    value.length <= LONGEST_DOMAIN &&
    !ipaddr.isValid(value) &&
    plainDomain(value)
      .split('.')
      .every(label => label.length <= 63 && /^[\p{L}\p{N}_](?:[\p{L}\p{N}\p{M}_-]*[\p{L}\p{N}\p{M}_])?$/u.test(label))
  );
}
