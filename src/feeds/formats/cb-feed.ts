import type { Network } from '../../base/network.ts';
import { formatNetwork, parseNetwork, widthOf } from '../../base/network.ts';
import type { FeedKind } from '../entry.ts';
import { linesOf } from './plain.ts';

export interface CbFeedOptions {
  readonly name: string;
  readonly kind: FeedKind;
  readonly values: readonly string[];
  readonly modified: number;
  /** Where people find the feed. */
  readonly url: string;
  /** 0 to 100. */
  readonly score: number;
}

/**
 * A threat-intelligence feed for Carbon Black EDR, as the vendor's cbfeeds validates it: single addresses only, so networks
 * are left out; no empty lists. One report, whose time moves with every change: the server takes what is newer.
 */
export function cbFeed({ name, kind, values, modified, url, score }: CbFeedOptions): string {
  const iocs = iocsOf(kind, values);
  const report = {
    id: `backline-${name}`,
    title: `${name}, from Backline`,
    link: url,
    timestamp: Math.floor(modified / 1_000),
    score,
    iocs,
  };
  const feedinfo = {
    // Letters and digits only.
    name: `backline${name.replaceAll(/[^A-Za-z0-9]/g, '')}`,
    display_name: `Backline: ${name}`,
    provider_url: url,
    summary: `What playbooks have put on the list ${name}.`,
    tech_data: 'There are no requirements to share any data to receive this feed.',
  };
  return `${JSON.stringify({ feedinfo, reports: Object.keys(iocs).length === 0 ? [] : [report] })}\n`;
}

function iocsOf(kind: FeedKind, values: readonly string[]): { readonly [name: string]: readonly string[] } {
  if (kind === 'ip') {
    // Not collapsed: two neighbours would be a network, and lost.
    const networks = values.map(parseNetwork).filter(network => network !== undefined);
    const single = networks.filter(({ family, length }) => length === widthOf(family));
    return filled({ ipv4: addresses(single, 4), ipv6: addresses(single, 6) });
  }
  const lines = linesOf(kind, values);
  if (kind === 'domain') return filled({ dns: lines });
  const hashes = kind === 'hash' ? lines : [];
  return filled({ md5: hashes.filter(hash => hash.length === 32), sha256: hashes.filter(hash => hash.length === 64) });
}

function addresses(single: readonly Network[], wanted: Network['family']): string[] {
  return [...new Set(single.filter(({ family }) => family === wanted).map(formatNetwork))].toSorted();
}

function filled(lists: { readonly [name: string]: readonly string[] }): { readonly [name: string]: readonly string[] } {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
}
