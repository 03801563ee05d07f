import type { Instant } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';
import type { Json } from '../base/json.ts';
import { at, canonical } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { sigmaPath } from './sigma-rule.ts';

/*
 * Events that belong together (LANGUAGE 5.2). A group is what has come with the same values of `by`, in the order of event
 * time; it is complete when some stretch of it that is no longer than `within` holds all that is asked for. Pure: groups
 * come in and go out, and nobody here keeps one.
 */

/** What is asked for, with every parameter in its place. */
export interface Correlation {
  /** Names of the correlated events, in their order. */
  readonly names: readonly string[];
  /** Whose names its fields have; the event's, if not given. */
  readonly fields?: 'sigma';
  readonly by: readonly string[];
  readonly within: Milliseconds;
  readonly count?: number;
  readonly each: { readonly [name: string]: number };
  readonly distinct: { readonly [field: string]: number };
  readonly ordered: boolean;
}

/** One event of a group. */
export interface Occurrence {
  /** The event's deduplication key. */
  readonly key: string;
  readonly name: string;
  /** When it happened. */
  readonly time: Instant;
  /** Of the fields that `distinct` names. */
  readonly values: { readonly [field: string]: readonly string[] };
}

/** So much later than a younger event of its group an event may come and still be sorted in. */
export const LATE: Milliseconds = 600_000;

/** What an event belongs to: the values of `by`, without regard to case. Undefined where it lacks one. */
export function groupOf({ by, fields }: Pick<Correlation, 'by' | 'fields'>, event: Event): string | undefined {
  const values = by.map(field => valueOf(field, fields, event));
  if (values.some(value => value === undefined || value === null)) return undefined;
  return canonical(values.map(value => folded(value ?? null)));
}

/** An event that happened after it came has a clock that is wrong: it counts from when it came. */
export function occurrenceOf(
  { distinct, fields }: Pick<Correlation, 'distinct' | 'fields'>,
  name: string,
  { event, key, accepted }: { readonly event: Event; readonly key: string; readonly accepted: Instant },
): Occurrence {
  const values = Object.keys(distinct).map(field => [field, textsOf(valueOf(field, fields, event))] as const);
  return { key, name, time: Math.min(Date.parse(event.time), accepted), values: Object.fromEntries(values) };
}

/** What an event has in a field of a correlation. */
export function valueOf(field: string, fields: Correlation['fields'], event: Event): Json | undefined {
  if (fields === undefined) return at(event, field.split('.'));
  const { keys, others = [] } = sigmaPath(field);
  return [keys, ...others].map(path => at(event, path)).find(value => value !== undefined);
}

export interface Joined {
  /** In the order of time, with the new one. */
  readonly group: readonly Occurrence[];
  /** The events that make it complete, if they do. */
  readonly complete?: readonly Occurrence[];
}

/** A group with one event more, without those that are too old for any event to come. `late`: it is too old itself. */
export function join(correlation: Correlation, group: readonly Occurrence[], next: Occurrence): Joined | 'late' {
  const newest = Math.max(next.time, group.at(-1)?.time ?? next.time);
  if (next.time < newest - LATE) return 'late';
  const since = sinceOf(correlation, newest);
  const kept = group.filter(({ time }) => time >= since);
  const place = kept.findLastIndex(({ time }) => time <= next.time) + 1;
  const joined = kept.toSpliced(place, 0, next);
  const complete = windowsWith(correlation, joined, place).find(window =>
    conditionsOf(correlation, window).every(({ holds }) => holds),
  );
  return { group: joined, ...(complete === undefined ? {} : { complete }) };
}

/** What happened before this cannot be correlated with anything that is still to come. */
export function sinceOf({ within }: Pick<Correlation, 'within'>, newest: Instant): Instant {
  return newest - within - LATE;
}

/** One thing that is asked of a window, for people as well. */
export interface Asked {
  readonly what: string;
  readonly wanted: string;
  readonly actual: string;
  readonly holds: boolean;
}

/** All that is asked of a stretch of events. */
export function conditionsOf(correlation: Correlation, window: readonly Occurrence[]): Asked[] {
  const { count, each, distinct, ordered } = correlation;
  const atLeast = (what: string, least: number, found: number): Asked => ({
    what,
    wanted: `>= ${least}`,
    actual: String(found),
    holds: found >= least,
  });
  return [
    ...(count === undefined ? [] : [atLeast('count', count, window.length)]),
    ...Object.entries(each).map(([name, least]) =>
      atLeast(`each ${name}`, least, window.filter(occurrence => occurrence.name === name).length),
    ),
    ...Object.entries(distinct).map(([field, least]) =>
      atLeast(`distinct ${field}`, least, new Set(window.flatMap(({ values }) => values[field] ?? [])).size),
    ),
    ...(ordered ? [orderOf(correlation, window)] : []),
  ];
}

/** So many of each name (one, if nothing else is said), all of a name before those of the next. */
function orderOf({ names, each }: Correlation, window: readonly Occurrence[]): Asked {
  const turns = names.flatMap(name => Array.from({ length: each[name] ?? 1 }, () => name));
  let turn = 0;
  // The earliest that fits is never worse than a later one.
  for (const { name } of window) if (name === turns[turn]) turn++;
  return {
    what: 'ordered',
    wanted: names.join(', then '),
    actual: window.map(({ name }) => name).join(', ') || 'none',
    holds: turn === turns.length,
  };
}

/** Every stretch that the event at a place is part of, as long as `within` lets it be, ending with an event. */
function windowsWith({ within }: Correlation, group: readonly Occurrence[], place: number): (readonly Occurrence[])[] {
  const own = group[place]?.time ?? 0;
  const windows: (readonly Occurrence[])[] = [];
  for (let last = place; last < group.length; last++) {
    const end = group[last]?.time ?? own;
    if (end - own > within) break;
    windows.push(group.slice(0, last + 1).filter(({ time }) => time >= end - within));
  }
  return windows;
}

function folded(value: Json): Json {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function textsOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return items.map(item => (typeof item === 'string' ? item.toLowerCase() : canonical(item)));
}
