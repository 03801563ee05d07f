import type { Event } from '../event/event.ts';
import { known } from '../expr/evidence.ts';
import type { Binding, Decision } from '../expr/evidence.ts';
import { decide } from '../expr/expr.ts';
import type { Constants } from './compile.ts';
import { inList } from './lists.ts';
import type { Hit, TriggerEntry } from './trigger.ts';

/** What the `if` of a trigger says of an event. It sees `event`, `params`, `vars` and, of a correlation, `events`; the language has no `now` here. */
export function decideWake(
  text: string,
  event: Event,
  { params, lists, vars }: Conditions,
  events?: readonly Event[],
): Decision {
  const roots: ReadonlyMap<string, Binding> = new Map<string, Binding>([
    ['event', { kind: 'evidence', evidence: known(event) }],
    ...(events === undefined ? [] : [['events', { kind: 'evidence', evidence: known(events) }] as const]),
    ['params', { kind: 'evidence', evidence: known(params) }],
    ['vars', { kind: 'namespace', get: id => variable(vars, id) }],
  ]);
  return decide(text, { now: 0, get: root => roots.get(root), inList: (value, list) => inList(lists, value, list) });
}

type Conditions = Constants & Pick<TriggerEntry, 'vars'>;

function variable(vars: TriggerEntry['vars'], id: string): Binding | undefined {
  const found = vars !== undefined && Object.hasOwn(vars, id) ? vars[id] : undefined;
  if (found === undefined) return undefined;
  return 'json' in found ? { kind: 'evidence', evidence: known(found.json) } : { kind: 'expression', text: found.text };
}

/** What a trigger whose match holds comes to: a hit, one that is undecided, or none. */
export function hitOf(entry: TriggerEntry, event: Event): Hit[] {
  const { id } = entry;
  if (entry.if === undefined) return [{ id, decided: true }];
  const decision = decideWake(entry.if.text, event, entry);
  if (decision.decided) return decision.holds ? [{ id, decided: true }] : [];
  const { of, why } = decision;
  return [why === undefined ? { id, undecided: true, of } : { id, undecided: true, of, why }];
}
