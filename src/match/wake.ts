import type { JsonObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { instantOf } from '../event/event.ts';
import { known } from '../expr/evidence.ts';
import type { Decision, Scope } from '../expr/evidence.ts';
import { decide } from '../expr/expr.ts';
import { inList } from './lists.ts';
import type { Hit, TriggerEntry } from './match.ts';
import type { List } from './types.ts';

/** What the `if` of a trigger says of an event. It sees `event` and `params`; its `now` is the event's time, so that nothing else can decide. */
export function decideWake(
  text: string,
  event: Event,
  constants: { readonly params: JsonObject; readonly lists: { readonly [name: string]: List } },
): Decision {
  const scope: Scope = {
    now: instantOf(event),
    inList: (value, list) => inList(constants.lists, value, list),
    get(root) {
      if (root === 'event') return { kind: 'evidence', evidence: known(event) };
      if (root === 'params') return { kind: 'evidence', evidence: known(constants.params) };
      return undefined;
    },
  };
  return decide(text, scope);
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
