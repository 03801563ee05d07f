import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import { PollTrouble } from '../../event/source.ts';
import type { Alert } from './alert.ts';
import { isClosed } from './alert.ts';

/** Where the poll for alerts stands. */
export interface Cursor {
  /** The newest creation that was seen, by the product's clock. The next search looks back from here by the overlap. */
  readonly since: Instant;
  /** What the overlap holds that was handed over already: alert id → its creation. */
  readonly seen: ReadonlyMap<string, Instant>;
  /** Alerts whose status is asked for. */
  readonly followed: ReadonlyMap<string, Followed>;
}

export interface Followed {
  readonly status: string;
  /** How often it has changed; numbers the events. */
  readonly changes: number;
  /** When it was last seen open, or when it was seen to be closed. */
  readonly touched: Instant;
}

/** More are not asked for in one poll: 40 requests. The alerts that were touched longest ago are let go first. */
export const MOST_FOLLOWED = 2_000;

export function readCursor(json: Json): Cursor {
  const since = own(json, 'since');
  const seen = own(json, 'seen');
  const followed = own(json, 'followed');
  if (typeof since !== 'string' || !isObject(seen) || !isObject(followed)) {
    throw new PollTrouble('the stored cursor is not one of this source');
  }
  return {
    since: Date.parse(since),
    seen: new Map(Object.entries(seen).map(([id, created]) => [id, Date.parse(String(created))])),
    followed: new Map(Object.entries(followed).map(([id, entry]) => [id, readFollowed(entry)])),
  };
}

export function writeCursor({ since, seen, followed }: Cursor): JsonObject {
  return {
    since: formatInstant(since),
    seen: Object.fromEntries([...seen].map(([id, created]) => [id, formatInstant(created)])),
    followed: Object.fromEntries(
      [...followed].map(([id, { status, changes, touched }]) => [
        id,
        { status, changes, touched: formatInstant(touched) },
      ]),
    ),
  };
}

/** Takes in an alert's status. A closed alert keeps the time of its closing, so that it is let go some day. */
export function follow(known: Followed | undefined, alert: Alert, now: Instant): Followed {
  const changed = known !== undefined && known.status !== alert.status;
  const changes = (known?.changes ?? 0) + (changed ? 1 : 0);
  const touched = known === undefined || changed || !isClosed(alert.status) ? now : known.touched;
  return { status: alert.status, changes, touched };
}

/** Lets go of alerts that were closed, or gone from the product, for long enough, and of those beyond the most. */
export function letGo(
  followed: ReadonlyMap<string, Followed>,
  { now, after }: { readonly now: Instant; readonly after: Milliseconds },
): { readonly kept: ReadonlyMap<string, Followed>; readonly dropped: number } {
  const young = [...followed].filter(([, { touched }]) => now - touched <= after);
  const kept = young.toSorted(([, a], [, b]) => b.touched - a.touched).slice(0, MOST_FOLLOWED);
  return { kept: new Map(kept), dropped: young.length - kept.length };
}

function readFollowed(entry: Json): Followed {
  return {
    status: String(own(entry, 'status')),
    changes: Number(own(entry, 'changes')),
    touched: Date.parse(String(own(entry, 'touched'))),
  };
}
