import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { at } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { STAGES } from '../event/event.ts';

/** A threat that was last seen, and not blocked, so recently goes on. */
const RECENT: Milliseconds = 3_600_000;

/** What products reported of one host, as people and playbooks read it (LANGUAGE 9.1). */
export function timelineOf(events: readonly Event[], until: Instant, remote: string | undefined): JsonObject {
  const entries = events
    .filter(event => remote === undefined || remotesOf(event).includes(remote.toLowerCase()))
    .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))
    .map(entryOf);
  const seen = new Set(entries.map(({ stage }) => stage));
  const judged = entries.filter(({ disposition }) => disposition !== undefined);
  const open = entries.filter(({ disposition }) => disposition !== 'blocked').map(({ time }) => Date.parse(time));
  const [first, last] = [entries[0]?.time, entries.at(-1)?.time];
  return {
    entries,
    stages: STAGES.filter(stage => seen.has(stage)),
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    active: open.some(time => time > until - RECENT),
    blocked_all: judged.length > 0 && judged.every(({ disposition }) => disposition === 'blocked'),
    text: entries.map(lineOf).join('\n'),
  };
}

export interface ProductRow {
  readonly product: string;
  readonly cells: readonly StageCell[];
}

export interface StageCell {
  readonly stage?: string;
  readonly first: string;
  readonly last: string;
  readonly detected: number;
  readonly blocked: number;
  readonly allowed: number;
  readonly reported: number;
}

/** The kill chain of one host: products in the order in which they first saw something, stages in that of the chain. */
export function matrixOf(events: readonly Event[]): ProductRow[] {
  const rows = new Map<string, Map<string, Entry[]>>();
  for (const event of events.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
    const entry = entryOf(event);
    const row = rows.get(entry.product) ?? new Map<string, Entry[]>();
    row.set(entry.stage ?? '', [...(row.get(entry.stage ?? '') ?? []), entry]);
    rows.set(entry.product, row);
  }
  const order = [...STAGES, ''];
  return [...rows].map(([product, row]) => ({
    product,
    cells: order.flatMap(stage => {
      const cell = row.get(stage);
      return cell === undefined ? [] : [cellOf(stage, cell)];
    }),
  }));
}

function cellOf(stage: string, entries: readonly Entry[]): StageCell {
  const count = (wanted: string | undefined) => entries.filter(({ disposition }) => disposition === wanted).length;
  return {
    ...(stage === '' ? {} : { stage }),
    first: entries[0]?.time ?? '',
    last: entries.at(-1)?.time ?? '',
    detected: count('detected'),
    blocked: count('blocked'),
    allowed: count('allowed'),
    reported: count(undefined),
  };
}

/** A time, or how long before another. */
export function instantOf(text: string, from: Instant): Instant | undefined {
  const span = parseDuration(text);
  if (span !== undefined) return from - span;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

type Entry = { readonly [field in 'time' | 'product' | 'summary']: string } & {
  readonly stage?: string;
  readonly disposition?: string;
};

function entryOf(event: Event): Entry {
  const [stage, disposition] = [textAt(event, ['stage']), textAt(event, ['disposition'])];
  return {
    time: event.time,
    ...(stage === undefined ? {} : { stage }),
    product: textAt(event, ['observer', 'product']) ?? event.type.split('.')[0] ?? event.type,
    ...(disposition === undefined ? {} : { disposition }),
    summary: summaryOf(event),
  };
}

function summaryOf(event: Event): string {
  const what = textAt(event, ['rule', 'name']) ?? event.type;
  const file = textAt(event, ['file', 'name']) ?? textAt(event, ['process', 'name']);
  const [remote] = remotesOf(event);
  return [what, ...(file === undefined ? [] : [file]), ...(remote === undefined ? [] : [remote])].join(', ');
}

/** Addresses and domains that the host spoke with; its own addresses and names are none. */
function remotesOf(event: Event): string[] {
  const own = at(event, ['host', 'ip']);
  const names = [at(event, ['host', 'name']), at(event, ['host', 'key'])];
  const mine = [...(Array.isArray(own) ? (own as readonly Json[]) : []), ...names].map(text =>
    typeof text === 'string' ? text.toLowerCase() : text,
  );
  return [['destination', 'domain'], ['destination', 'ip'], ['source', 'domain'], ['source', 'ip'], ['url']].flatMap(
    path => {
      const text = textAt(event, path)?.toLowerCase();
      return text === undefined || mine.includes(text) ? [] : [text];
    },
  );
}

function lineOf({ time, stage, product, disposition, summary }: Entry): string {
  return [time, product, stage ?? 'no stage', disposition ?? 'reported', summary].map(oneLine).join('  ');
}

/** Names are the attacker's: one with a line break in it would begin a line that nobody reported. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
}

function textAt(event: Event, path: readonly string[]): string | undefined {
  const value = at(event, path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
