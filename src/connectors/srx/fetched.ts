import { formatNetwork, parseNetwork } from '../../base/network.ts';
import type { Entry } from '../../action/feed-entry.ts';
import type { FeedSettings } from './settings.ts';

/** Which firewalls have a version of the list, and which have not. */
export interface Fetched {
  readonly have: readonly string[];
  /** Configured ones, with when they asked last, if ever. */
  readonly lack: readonly { readonly firewall: string; readonly seen?: string }[];
  /** All that must have it; without any that are configured, one that asks. */
  readonly isEnough: boolean;
}

/** Backline's own log of fetches says so: a firewall has the version that it fetched, or was told that it has. */
export function fetchedBy({ readers }: Entry, version: number, { firewalls }: FeedSettings): Fetched {
  const known = readers.map(reader => ({ ...reader, client: plain(reader.client) }));
  const has = ({ version: fetched = -1 }: (typeof known)[number]): boolean => fetched >= version;
  if (firewalls === undefined) {
    const have = known.filter(has).map(({ client }) => client);
    const lack = known.filter(reader => !has(reader)).map(({ client, seen }) => ({ firewall: client, seen }));
    return { have, lack, isEnough: have.length > 0 };
  }
  const wanted = firewalls.map(plain);
  const have = wanted.filter(firewall => known.some(reader => reader.client === firewall && has(reader)));
  const lack = wanted
    .filter(firewall => !have.includes(firewall))
    .map(firewall => {
      const seen = known.find(({ client }) => client === firewall)?.seen;
      return { firewall, ...(seen === undefined ? {} : { seen }) };
    });
  return { have, lack, isEnough: lack.length === 0 };
}

/** `has not fetched it: 10.9.9.1 (asked last at …), 10.9.9.2 (never asked)`. */
export function describeLack({ have, lack }: Fetched): string {
  if (lack.length === 0) return have.length === 0 ? 'no firewall has asked for the list' : 'fetched';
  const each = lack.map(
    ({ firewall, seen }) => `${firewall} (${seen === undefined ? 'never asked' : `asked last at ${seen}`})`,
  );
  return `not fetched by ${each.join(', ')}`;
}

/** One spelling: a socket that takes both families has IPv4 as IPv6. */
function plain(address: string): string {
  const network = parseNetwork(address);
  return network === undefined ? address : formatNetwork(network);
}
