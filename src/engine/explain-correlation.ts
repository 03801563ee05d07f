import type { Event } from '../event/event.ts';
import { deduplicationKey } from '../event/event.ts';
import type { Asked, Occurrence } from '../match/correlation.ts';
import { conditionsOf, groupOf, join, occurrenceOf, valueOf } from '../match/correlation.ts';
import type { Correlated } from './correlations.ts';
import { completedBy, holdsFor, partsOf } from './correlations.ts';
import { buildIndex } from '../match/match.ts';
import { triggersOf } from './playbooks.ts';

export interface ExplainedGroup {
  /** `user.name "alice"`, as in the first event. */
  readonly by: readonly string[];
  readonly events: number;
  readonly late: number;
  /** Of the window that came to completion, else of all that has gathered. */
  readonly asked: readonly Asked[];
  /** Left out: the trigger has no `if`, or the group is not complete. */
  readonly if?: boolean;
  readonly complete: boolean;
}

/**
 * What a correlation makes of events, one after another, from no events on: pure, and what the engine would do. Events
 * that have been correlated are asked for their names: what is masked by now would not match again.
 */
export function explainCorrelation(
  correlated: Correlated,
  events: readonly Event[],
  nameOf = namesIn(correlated),
): ExplainedGroup[] {
  const { correlation } = correlated;
  const groups = new Map<string, Gathering>();
  for (const event of events) {
    const name = nameOf(event);
    const group = groupOf(correlation, event);
    if (name === undefined || group === undefined) continue;
    const gathering = groups.get(group) ?? begun(correlated, event);
    groups.set(group, gathering);
    gather(correlated, gathering, event, name);
  }
  return [...groups.values()].map(({ by, seen, late, group, done }) => ({
    by,
    events: seen.length,
    late,
    asked: conditionsOf(correlation, done?.window ?? group),
    ...(done?.if === undefined ? {} : { if: done.if }),
    complete: done !== undefined && done.if !== false,
  }));
}

interface Gathering {
  readonly by: readonly string[];
  readonly seen: Event[];
  late: number;
  group: readonly Occurrence[];
  done?: { readonly window: readonly Occurrence[]; readonly if?: boolean };
}

function begun({ correlation }: Correlated, event: Event): Gathering {
  const by = correlation.by.map(
    field => `${field} ${JSON.stringify(valueOf(field, correlation.fields, event) ?? null)}`,
  );
  return { by, seen: [], late: 0, group: [] };
}

function gather(correlated: Correlated, gathering: Gathering, event: Event, name: string): void {
  const { correlation } = correlated;
  const key = deduplicationKey(event);
  if (gathering.seen.some(seen => deduplicationKey(seen) === key)) return;
  const accepted = Number.MAX_SAFE_INTEGER;
  const joined = join(correlation, gathering.group, occurrenceOf(correlation, name, { event, key, accepted }));
  if (joined === 'late') {
    gathering.late++;
    return;
  }
  gathering.seen.push({ ...event, name });
  gathering.group = joined.group;
  const window = joined.complete;
  if (window === undefined || (gathering.done !== undefined && gathering.done.if !== false)) return;
  const found = window.flatMap(
    occurrence => gathering.seen.find(seen => deduplicationKey(seen) === occurrence.key) ?? [],
  );
  const completed = completedBy(correlated, found);
  const holds = completed && holdsFor(correlated, completed);
  gathering.done = { window, ...(holds === undefined ? {} : { if: holds }) };
  if (holds !== false) gathering.group = [];
}

/** What a correlation calls an event, by the triggers. */
function namesIn({ installed, id }: Correlated): (event: Event) => string | undefined {
  const index = buildIndex(triggersOf(installed));
  return event =>
    index
      .matching(event)
      .map(hit => partsOf(hit.id))
      .find(({ trigger, name }) => trigger === id && name !== undefined)?.name;
}
