import type { ActionContext } from '../../action/action.ts';
import type { Entry } from '../../action/feed-entry.ts';
import { deleteEntry, endOf, lastsUntil, putEntry, readEntry } from '../../action/feed-entry.ts';
import { formatInstant } from '../../base/clock.ts';
import type { ChangeOutput } from './address.ts';
import { describeLack, fetchedBy } from './fetched.ts';
import { beginFollowing, follow, readToken } from './follow.ts';
import type { FeedSettings, Settings } from './settings.ts';
import { feedSettings, placeOf } from './settings.ts';
import type { Way } from './way.ts';

/** By a list that the firewalls ask for. It alone decides; what they have of it is waited for, and becomes a note. */
export const byFeed: Way = {
  async block(asked, given) {
    const { ip } = asked;
    const context = feedContext(given);
    const before = await readEntry(context, placeOf(context.settings, ip));
    const wanted = endOf(asked, context.now);
    if (lastsUntil(before, wanted)) {
      const followed = beginFollowing(context, { version: before.since ?? before.version, already: true });
      return follow(before, followed, context, outputFor(ip, true));
    }
    const expires = wanted === undefined ? undefined : formatInstant(wanted);
    const after = await putEntry(context, placeOf(context.settings, ip), { expires, note: context.key });
    if (!after.listed)
      return {
        kind: 'failed',
        reason: 'rejected',
        detail: `the change was taken, but ${ip} is not listed: ${after.withheld ?? 'it is over'}`,
      };
    return follow(
      after,
      beginFollowing(context, { version: after.version, already: false }),
      context,
      outputFor(ip, true),
    );
  },

  async unblock(ip, given) {
    const context = feedContext(given);
    const before = await readEntry(context, placeOf(context.settings, ip));
    if (!before.listed && before.withheld === undefined)
      return { kind: 'done', already: true, output: outputFor(ip, false)([]) };
    const after = await deleteEntry(context, placeOf(context.settings, ip));
    if (after.listed)
      return { kind: 'failed', reason: 'rejected', detail: `the change was taken, but ${ip} is still listed` };
    return follow(
      after,
      beginFollowing(context, { version: after.version, already: false }),
      context,
      outputFor(ip, false),
    );
  },

  async follow(token, { ip, wanted }, given) {
    const context = feedContext(given);
    const entry = await readEntry(context, placeOf(context.settings, ip));
    if (entry.listed !== (wanted === 'listed')) {
      const done = entry.listed ? `put ${ip} onto the list again` : `taken ${ip} off the list`;
      return { kind: 'failed', reason: 'conflict', detail: `somebody else has ${done}` };
    }
    return follow(entry, readToken(token, context.now), context, outputFor(ip, entry.listed));
  },

  async standing(ip, wanted, given) {
    const context = feedContext(given);
    const entry = await readEntry(context, placeOf(context.settings, ip));
    const summary = entry.listed ? 'listed' : 'not listed';
    const { listed, expires } = entry;
    return {
      stands: summary === wanted,
      summary,
      notes: notesOn(entry, context.settings),
      state: { listed, ...(expires === undefined ? {} : { expires }) },
    };
  },

  async check(ip, given) {
    const context = feedContext(given);
    const entry = await readEntry(context, placeOf(context.settings, ip));
    const { listed, since, version, expires, withheld } = entry;
    const fetched = fetchedBy(entry, since ?? version, context.settings);
    return {
      listed,
      fetched: fetched.isEnough,
      firewalls: fetched.have,
      ...(expires === undefined ? {} : { expires }),
      ...(withheld === undefined ? {} : { withheld }),
      summary: `${listed ? 'listed' : 'not listed'}, ${fetched.isEnough ? `fetched by ${fetched.have.join(', ')}` : describeLack(fetched)}`,
    };
  },
};

function feedContext(context: ActionContext<Settings>): ActionContext<FeedSettings> {
  return { ...context, settings: feedSettings(context.settings) };
}

function outputFor(ip: string, listed: boolean) {
  return (firewalls: readonly string[]): ChangeOutput => ({ ip, listed, firewalls });
}

function notesOn(entry: Entry, settings: FeedSettings): string[] {
  const notes: string[] = [];
  if (entry.withheld !== undefined) notes.push(`it is on the list and not shown: ${entry.withheld}`);
  const fetched = fetchedBy(entry, entry.since ?? entry.version, settings);
  if (!fetched.isEnough) notes.push(describeLack(fetched));
  return notes;
}
