import type { Network } from '../../base/network.ts';
import { collapse, formatNetwork, parseNetwork } from '../../base/network.ts';
import type { FeedKind } from '../entry.ts';

/** One value a line, sorted, once each, the last line ended too; without comments, which not every firewall takes. */
export function plainText(kind: FeedKind, values: readonly string[]): string {
  return linesOf(kind, values)
    .map(line => `${line}\n`)
    .join('');
}

/** Networks collapsed and by number: an SRX has been seen to want them so. */
export function linesOf(kind: FeedKind, values: readonly string[]): string[] {
  return kind === 'ip' ? networksOf(values).map(formatNetwork) : [...new Set(values)].toSorted();
}

export function networksOf(values: readonly string[]): Network[] {
  return collapse(values.map(parseNetwork).filter(network => network !== undefined));
}
