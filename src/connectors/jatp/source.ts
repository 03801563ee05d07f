import { polling } from '../../action/http-answer.ts';
import type { Instant } from '../../base/clock.ts';
import { formatInstant } from '../../base/clock.ts';
import type { Json, JsonObject } from '../../base/json.ts';
import { isObject, own } from '../../base/json.ts';
import type { Draft } from '../../event/event.ts';
import type { PollAnswer, PollContext, PollSource } from '../../event/source.ts';
import { PollTrouble } from '../../event/source.ts';
import { asking } from './client.ts';
import { incidentDraft } from './incident.ts';
import type { Row } from './row.ts';
import { readIncidents } from './rows.ts';
import type { Settings } from './settings.ts';
import { pollSettings } from './settings.ts';

/** How long an id is remembered after the answers have it no more, in overlaps: more than any answer looks back. */
const REMEMBERED = 2;

/**
 * New incidents, each once.
 *
 * 1. Every poll looks back by the overlap, as Splunk's client does, and what was told is known by its id: whether the
 *    product goes by an incident's beginning or by its last activity is not documented.
 * 2. The cursor is committed with the events. A poll that is repeated after a crash makes the same ids.
 */
export const incidents: PollSource<Settings> = {
  name: 'incidents',
  description: 'New incidents',
  asks: asking('incidents'),
  poll: polling(poll),
};

/** Until when was asked, and which incidents were told, or passed over at the start: id → when it was last in an answer. */
interface Cursor {
  readonly until: Instant;
  readonly seen: ReadonlyMap<string, Instant>;
}

async function poll(context: PollContext<Settings>, stored: Json | undefined): Promise<PollAnswer> {
  const { settings, now, log } = context;
  const { since, overlap } = pollSettings(settings);
  const cursor = stored === undefined ? { until: since ?? now, seen: new Map<string, Instant>() } : readCursor(stored);
  const back = Math.max(now - cursor.until, 0) + overlap;
  const rows = await readIncidents(context, { until: now, back });

  const seen = new Map([...cursor.seen].filter(([, last]) => now - last <= REMEMBERED * back));
  const drafts: Draft[] = [];
  const rejected: { raw: Json; reason: string }[] = [];
  for (const row of rows) {
    const read = identified(row);
    if ('reason' in read) {
      if (!seen.has(read.key)) rejected.push({ raw: row.raw, reason: read.reason });
      seen.set(read.key, now);
      continue;
    }
    // At the first poll the overlap holds incidents from before the start: they are marked as seen, not told.
    const isWanted = stored !== undefined || (since !== undefined && Date.parse(read.time) >= since);
    if (!seen.has(read.id) && isWanted) drafts.push(incidentDraft(read, settings));
    seen.set(read.id, now);
  }
  if (drafts.some(({ source, destination }) => source === undefined && destination === undefined))
    log.warn({}, 'incidents name no address: are their fields called as the settings say?');
  return { drafts, rejected, cursor: writeCursor({ until: now, seen }) };
}

/** The row with what an event cannot be without, or why it has it not. `key` is what it is remembered by. */
function identified(
  row: Row,
): (Row & { id: string; time: string }) | { readonly reason: string; readonly key: string } {
  const { id, time } = row;
  if (id === undefined) return { reason: 'no id', key: `?${JSON.stringify(row.raw).slice(0, 200)}` };
  if (time === undefined) return { reason: 'the time of its last activity cannot be read', key: id };
  return { ...row, id, time };
}

function readCursor(json: Json): Cursor {
  const until = own(json, 'until');
  const seen = own(json, 'seen');
  if (typeof until !== 'string' || !isObject(seen))
    throw new PollTrouble('the stored cursor is not one of this source');
  return {
    until: Date.parse(until),
    seen: new Map(Object.entries(seen).map(([id, last]) => [id, Date.parse(String(last))])),
  };
}

function writeCursor({ until, seen }: Cursor): JsonObject {
  return {
    until: formatInstant(until),
    seen: Object.fromEntries([...seen].map(([id, last]) => [id, formatInstant(last)])),
  };
}
