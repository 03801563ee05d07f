import type { JsonObject } from '../base/json.ts';
import type { Event } from '../event/event.ts';
import { instantOf } from '../event/event.ts';
import { known } from '../expr/evidence.ts';
import type { Decision, Scope } from '../expr/evidence.ts';
import { decide } from '../expr/expr.ts';
import { inList } from './lists.ts';
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
