import type { Instant } from '../base/clock.ts';
import { formatNetwork, parseNetwork } from '../base/network.ts';

/** What a feed is a list of. */
export const FEED_KINDS = ['ip', 'domain', 'url', 'hash'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

export interface Feed {
  /** Letters, digits and hyphens: it stands in paths. */
  readonly name: string;
  readonly kind: FeedKind;
  /** So many entries at most. */
  readonly most: number;
}

/** One line of a feed. */
export interface Entry {
  /** In its one spelling. */
  readonly value: string;
  readonly added: Instant;
  /** Of the feed, when it was added or got another end. */
  readonly version: number;
  /** From then on it is not listed; for good if not given. */
  readonly expires?: Instant;
  readonly note?: string;
}

/** The one spelling of a value, or undefined where it is none of the kind. Values stand alone on a line. */
export function canonicalValue(kind: FeedKind, text: string): string | undefined {
  switch (kind) {
    case 'ip': {
      const network = parseNetwork(text);
      return network === undefined ? undefined : formatNetwork(network);
    }
    case 'domain': {
      const domain = text.toLowerCase().replace(/\.$/, '');
      return domain.length <= 253 && DOMAIN.test(domain) ? domain : undefined;
    }
    case 'url':
      return text.length <= 2_048 && /^[!-~]+$/.test(text) && URL.canParse(text) ? text : undefined;
    case 'hash':
      return HASH.test(text) ? text.toLowerCase() : undefined;
  }
}

const DOMAIN = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
/** MD5, SHA-1, SHA-256. */
const HASH = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i;
