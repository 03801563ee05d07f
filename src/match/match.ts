/**
 * Which triggers an event wakes. In come triggers as the loader checked them, and events as intake normalised them; out
 * go the triggers that match, and on demand the reason why one does or does not. `match` is asked first, then `if`.
 * An answer depends on the event and on what stands in files, never on the time or on earlier events. Nothing here throws
 * for what an event holds or a pattern says, and all of it is linear in the size of an event.
 */
import type { JsonObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { conditionOf } from './compiled.ts';
import { satisfied } from './condition.ts';
import { holds } from './predicate.ts';
import { logsourceKey, logsourceKeys } from './sigma-rule.ts';
import { Subject } from './subject.ts';
import type { Hit, TriggerEntry } from './trigger.ts';
import { TypeIndex, conditionOfEntry } from './type-index.ts';
import type { List, Match } from './types.ts';
import { hitOf } from './wake.ts';

export { explain } from './explain.ts';
export type { ExplainNode } from './explain.ts';
export type { Hit, TriggerEntry } from './trigger.ts';
export { decideWake } from './wake.ts';

/** Triggers, made ready for events. */
export interface TriggerIndex {
  /** In the order of the entries. */
  matching(event: Event): readonly Hit[];
}

/** Compiles triggers once, so that an event costs by what it has in common with them and not by their number. */
export function buildIndex(entries: readonly TriggerEntry[]): TriggerIndex {
  const byType = new Map<string, TypeIndex>();
  for (const [type, group] of Map.groupBy(entries, indexKey)) byType.set(type, new TypeIndex(group));
  const places = new Map(entries.map((entry, place) => [entry.id, place]));
  return {
    matching(event) {
      const hits = [event.type, ...logsourceKeys(event)].flatMap(key => byType.get(key)?.matching(event) ?? []);
      return hits.length < 2 ? hits : hits.toSorted((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
    },
  };
}

/** Types of events have no spaces, so that no kind of log is taken for one. */
function indexKey({ event, rule }: TriggerEntry): string {
  return rule === undefined ? event : logsourceKey(rule.logsource);
}

/** The same answer as the index gives, from asking every trigger: what tests compare it with. */
export function fullScan(entries: readonly TriggerEntry[], event: Event): readonly Hit[] {
  const subject = new Subject(event);
  return entries.flatMap(entry => {
    const isAbout =
      entry.rule === undefined
        ? entry.event === event.type
        : logsourceKeys(event).includes(logsourceKey(entry.rule.logsource));
    if (!isAbout || !satisfied(conditionOfEntry(entry), predicate => holds(predicate, subject))) return [];
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
