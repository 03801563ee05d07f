/**
 * Which triggers an event wakes. In come triggers as the loader checked them, and events as intake normalised them; out
 * go the triggers that match, and on demand the reason why one does or does not. `match` is asked first, then `if`.
 * Matching is text against text: it reads no clock and no list that is kept elsewhere, and nothing here throws for what
 * an event holds or a pattern says.
 */
import type { JsonObject } from '../base/json.ts';
import type { Span } from '../base/span.ts';
import type { Event } from '../event/event.ts';
import { conditionOf } from './compiled.ts';
import { satisfied } from './condition.ts';
import { holds } from './predicate.ts';
import { Subject } from './subject.ts';
import { TypeIndex } from './type-index.ts';
import type { List, Match } from './types.ts';
import { hitOf } from './wake.ts';

export { explain } from './explain.ts';
export type { Explained, ExplainNode } from './explain.ts';

/** One trigger of kind `event`, with what its text refers to. */
export interface TriggerEntry {
  /** Unique in an index: the playbook and which of its triggers. */
  readonly id: string;
  /** The event type. */
  readonly event: string;
  /** Without it every event of the type matches. */
  readonly match?: Match;
  /** CEL; sees `event` and `params`. */
  readonly if?: { readonly text: string; readonly span: Span };
  readonly params: JsonObject;
  readonly lists: { readonly [name: string]: List };
}

/** A trigger that matches; or one whose `if` is undecided: it does not match, but is counted and shown. */
export type Hit =
  | { readonly id: string; readonly decided: true }
  | { readonly id: string; readonly undecided: true; readonly of: readonly string[]; readonly why?: string };

/** Triggers, made ready for events. */
export interface TriggerIndex {
  /** In the order of the entries. */
  matching(event: Event): readonly Hit[];
}

/** Compiles triggers once, so that an event costs by what it has in common with them and not by their number. */
export function buildIndex(entries: readonly TriggerEntry[]): TriggerIndex {
  const byType = new Map<string, TypeIndex>();
  for (const [type, group] of Map.groupBy(entries, entry => entry.event)) byType.set(type, new TypeIndex(group));
  return { matching: event => byType.get(event.type)?.matching(event) ?? [] };
}

/** The same answer as the index gives, from asking every trigger: what tests compare it with. */
export function fullScan(entries: readonly TriggerEntry[], event: Event): readonly Hit[] {
  const subject = new Subject(event);
  return entries.flatMap(entry => {
    if (entry.event !== event.type || !passes(entry, subject)) return [];
    return hitOf(entry, event);
  });
}

/**
 * Whether an event matches a filter: of a trigger, or, once rendered, of a wait or a hold. Then values that came from an
 * event (`literal`) match only themselves. The type of the event is not looked at.
 */
export function matches(
  match: Match,
  event: Event,
  params: JsonObject,
  lists: { readonly [name: string]: List },
): boolean {
  return passes({ match, params, lists }, new Subject(event));
}

function passes({ match, params, lists }: Pick<TriggerEntry, 'match' | 'params' | 'lists'>, subject: Subject): boolean {
  return (
    match === undefined || satisfied(conditionOf(match, { params, lists }), predicate => holds(predicate, subject))
  );
}
