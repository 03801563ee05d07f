import type { ActionContext } from '../../action/action.ts';
import type { Entry } from '../../action/feed-entry.ts';
import { readEntry } from '../../action/feed-entry.ts';
import type { Standing } from '../../action/outcome.ts';
import type { JsonSchema } from '../../base/schema.ts';
import { placeOf } from './settings.ts';
import { describeLack, fetchedBy } from './fetched.ts';
import type { Settings } from './settings.ts';

export const ipInput = {
  type: 'string',
  format: 'ip',
  'x-target': 'ip',
  description: 'to be dropped by the firewalls',
} as const satisfies JsonSchema;

export const firewallsOutput = {
  type: 'array',
  items: { type: 'string', format: 'ip' },
  description: 'that have fetched the change',
} as const satisfies JsonSchema;

export const RIGHTS = ['feeds.token', 'on the firewall: a feed-server, an address-name and a policy that denies it'];

/** What no change of a list does (vendor). */
export const SESSIONS = 'sessions that are open go on, unless `security dynamic-address session-scan` is set';

/** The list alone decides; what the firewalls have of it becomes a note. */
export async function addressStanding(
  wire: Pick<ActionContext<Settings>, 'http' | 'signal' | 'settings'>,
  ip: string,
  wanted: 'listed' | 'not listed',
): Promise<Standing> {
  const entry = await readEntry(wire, placeOf(wire.settings, ip));
  const summary = entry.listed ? 'listed' : 'not listed';
  const { listed, expires } = entry;
  return {
    stands: summary === wanted,
    summary,
    notes: notesOn(entry, wire.settings),
    state: { listed, ...(expires === undefined ? {} : { expires }) },
  };
}

function notesOn(entry: Entry, settings: Settings): string[] {
  const notes: string[] = [];
  if (entry.withheld !== undefined) notes.push(`it is on the list and not shown: ${entry.withheld}`);
  const fetched = fetchedBy(entry, entry.since ?? entry.version, settings);
  if (!fetched.isEnough) notes.push(describeLack(fetched));
  return notes;
}
