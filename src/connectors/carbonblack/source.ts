import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';
import { polling } from '../../action/http-answer.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import type { Draft } from '../../event/event.ts';
import type { PollAnswer, PollContext, PollSource } from '../../event/source.ts';
import type { Alert } from './alert.ts';
import { alertDraft, isAlertId, parseAlert, statusDraft } from './alert.ts';
import { searchAlerts } from './client.ts';
import type { Cursor, Followed } from './cursor.ts';
import { follow, letGo, readCursor, writeCursor } from './cursor.ts';
import type { Settings } from './settings.ts';
import { pollSettings } from './settings.ts';

/** A server gives at most 1,000 (`maxSearchResultRows`, recorded from 6.2); cbapi asks for 100 of most things. */
const ROWS = 100;
/** Ids in one question: some 3 kB of URL. */
const IDS = 50;
/** New alerts in one answer; the rest comes with the next poll. */
const MOST_NEW = 1_000;
/** A server that did not mind `start` would give the first page for ever. */
const MOST_PAGES = 200;

/**
 * New alerts, and every change of the status of those that were handed over.
 *
 * 1. The search by creation looks back by the overlap, since alerts are indexed late; what was handed over is known by its id.
 * 2. That search never shows a later change, so alerts are followed by their ids, closed ones for a while too.
 * 3. The cursor is committed with the events. A poll that is repeated after a crash makes the same ids.
 * 4. The product's clock rules: `since` comes from its times. Ours is only taken where there is none yet, and as a bound.
 */
export const alerts: PollSource<Settings> = {
  name: 'alerts',
  description: 'New alerts and changes of their status',
  poll: polling(poll),
};

type Context = PollContext<Settings>;

async function poll(context: Context, stored: Json | undefined): Promise<PollAnswer> {
  const settings = pollSettings(context.settings);
  const cursor = stored === undefined ? startAt(settings.since ?? context.now) : readCursor(stored);

  const fresh = await newAlerts(context, cursor);
  const told = stored === undefined ? fresh.alerts.filter(isWanted(settings.since)) : fresh.alerts;
  const changed = await statusChanges(context, cursor.followed);

  const followed = new Map([...cursor.followed, ...changed.followed]);
  for (const alert of fresh.alerts)
    if (isAlertId(alert.id)) followed.set(alert.id, follow(undefined, alert, context.now));
  const { kept, dropped } = letGo(followed, { now: context.now, after: settings.follow });
  if (dropped > 0) context.log.warn({ dropped, kept: kept.size }, 'too many alerts to follow, the oldest are let go');

  return {
    drafts: [...told.map(alertDraft), ...changed.drafts],
    rejected: fresh.rejected,
    cursor: writeCursor({ since: fresh.since, seen: fresh.seen, followed: kept }),
  };
}

function startAt(since: Instant): Cursor {
  return { since, seen: new Map(), followed: new Map() };
}

/** At first the overlap holds alerts from before the start: they are marked as seen, not told. A start at now tells none. */
function isWanted(since: Instant | undefined): (alert: Alert) => boolean {
  return alert => since !== undefined && Date.parse(alert.created) >= since;
}

interface News {
  readonly alerts: readonly Alert[];
  readonly rejected: readonly { readonly raw: Json; readonly reason: string }[];
  readonly since: Instant;
  readonly seen: ReadonlyMap<string, Instant>;
}

async function newAlerts(context: Context, cursor: Cursor): Promise<News> {
  const { overlap } = pollSettings(context.settings);
  const from = cursor.since - overlap;
  const seen = new Map(cursor.seen);
  const found: Alert[] = [];
  const rejected: { raw: Json; reason: string }[] = [];
  let newest = cursor.since;
  let start = 0;
  for (let pages = 0; pages < MOST_PAGES && found.length < MOST_NEW; pages++) {
    const query = { ...extra(context.settings), 'cb.q.created_time': `[${formatInstant(from)} TO *]` };
    const page = await searchAlerts(context, { query, start, rows: ROWS });
    if (page.length === 0) break;
    start += page.length;
    for (const raw of page) {
      const alert = parseAlert(raw);
      if ('reason' in alert) {
        const id = String(raw['unique_id']);
        if (!seen.has(id)) rejected.push({ raw, reason: alert.reason });
        seen.set(id, newest);
        continue;
      }
      newest = Math.max(newest, Date.parse(alert.created));
      // Rows shift while paging, so one can come twice.
      if (seen.has(alert.id)) continue;
      seen.set(alert.id, Date.parse(alert.created));
      found.push(alert);
    }
  }
  // A creation in the future, by a wrong clock, must not hide everything until then.
  const since = Math.min(newest, Math.max(cursor.since, context.now));
  const overlapped = [...seen].filter(([, created]) => created >= since - overlap);
  return { alerts: found, rejected, since, seen: new Map(overlapped) };
}

function extra({ query }: Settings): { readonly q?: string } {
  return query === undefined ? {} : { q: query };
}

interface Changes {
  readonly drafts: readonly Draft[];
  readonly followed: ReadonlyMap<string, Followed>;
}

async function statusChanges(context: Context, followed: Cursor['followed']): Promise<Changes> {
  const drafts: Draft[] = [];
  const updated = new Map<string, Followed>();
  for (const ids of chunks([...followed.keys()], IDS)) {
    for (const raw of await alertsById(context, ids)) {
      const alert = parseAlert(raw);
      if ('reason' in alert) continue;
      const known = followed.get(alert.id);
      if (known === undefined) continue;
      const next = follow(known, alert, context.now);
      updated.set(alert.id, next);
      if (next.changes === known.changes) continue;
      drafts.push(
        statusDraft(alert, { previous: known.status, change: next.changes, seen: formatInstant(context.now) }),
      );
    }
  }
  return { drafts, followed: updated };
}

function alertsById(context: Context, ids: readonly string[]): Promise<readonly JsonObject[]> {
  const query = { q: ids.map(id => `unique_id:${id}`).join(' OR ') };
  return searchAlerts(context, { query, start: 0, rows: ROWS });
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < items.length; start += size) parts.push(items.slice(start, start + size));
  return parts;
}
