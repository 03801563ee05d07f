import type { ActionContext } from '../../action/action.ts';
import type { Answer } from '../../action/outcome.ts';
import type { Instant } from '../../base/clock.ts';
import type { Json } from '../../base/json.ts';
import { own } from '../../base/json.ts';
import type { Entry } from '../../action/feed-entry.ts';
import { describeLack, fetchedBy } from './fetched.ts';
import type { FeedSettings } from './settings.ts';
import { intervalOf } from './settings.ts';

/*
 * A change of the list is not yet a change of the firewalls: they ask for it at intervals. So it is followed until they have
 * fetched it, for two of their intervals and a minute; after that it is unconfirmed, and stays: a firewall that comes back
 * gets it.
 */

export interface Followed {
  /** Of the list: with this one the change is in it. */
  readonly version: number;
  readonly until: Instant;
  readonly already: boolean;
}

const LOOK_AGAIN = 10_000;
const GRACE = 60_000;
/** For the vendor's own interval of five minutes; whoever has a longer one gives the step a longer one. */
export const TIMEOUT = 900_000;

export function beginFollowing(
  { now, settings }: Pick<ActionContext<FeedSettings>, 'now' | 'settings'>,
  change: { readonly version: number; readonly already: boolean },
): Followed {
  return { ...change, until: now + 2 * intervalOf(settings) + GRACE };
}

export function readToken(token: Json, now: Instant): Followed {
  const [version, until] = [own(token, 'version'), own(token, 'until')];
  return {
    version: typeof version === 'number' ? version : 0,
    until: typeof until === 'number' ? until : now,
    already: own(token, 'already') === true,
  };
}

export function follow<Output>(
  entry: Entry,
  followed: Followed,
  { now, settings }: Pick<ActionContext<FeedSettings>, 'now' | 'settings'>,
  outputOf: (firewalls: readonly string[]) => Output,
): Answer<Output> {
  const fetched = fetchedBy(entry, followed.version, settings);
  const output = outputOf(fetched.have);
  if (fetched.isEnough) return { kind: 'done', ...(followed.already ? { already: true } : {}), output };
  if (now >= followed.until)
    return { kind: 'unconfirmed', output, detail: `the list is changed, but ${describeLack(fetched)}` };
  return { kind: 'pending', token: { ...followed }, again: Math.min(LOOK_AGAIN, followed.until - now) };
}
