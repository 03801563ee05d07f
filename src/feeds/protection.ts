import type { Network } from '../base/network.ts';
import { overlap, parseNetwork } from '../base/network.ts';

/**
 * What no feed lists, whoever asked for it: the configured networks, what is nobody's host, and prefixes so short that they
 * can only be a mistake.
 */
export interface Protection {
  readonly networks: readonly Network[];
}

/** Loopback, link-local, multicast, unspecified and broadcast (RFC 6890); blocking them blocks the firewall itself. */
const NOBODYS = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3', '::/127', 'fe80::/10', 'ff00::/8'].map(
  network,
);

const SHORTEST = { 4: 8, 6: 19 } as const;

/** Why a network must not be listed, or undefined where it may. A network that holds a protected address is protected. */
export function whyProtected(value: Network, { networks }: Protection): string | undefined {
  if (value.length < SHORTEST[value.family]) return `a prefix shorter than /${SHORTEST[value.family]} is never listed`;
  if (NOBODYS.some(one => overlap(one, value))) return 'it is loopback, link-local, multicast or unspecified';
  return networks.some(one => overlap(one, value)) ? 'it is protected' : undefined;
}

function network(text: string): Network {
  const parsed = parseNetwork(text);
  if (parsed === undefined) throw new Error(`${text} is no network`);
  return parsed;
}
