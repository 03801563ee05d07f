import type { Action } from '../action/action.ts';
import { targetsOf } from '../action/action.ts';
import type { Standing } from '../action/outcome.ts';
import type { Json } from '../base/json.ts';
import { canonical } from '../base/json.ts';

/**
 * What stands in an imagined product: nothing, until an action puts it there. An action and its inverse speak of the same
 * thing, so either's word settles the other's.
 */
export class Standings {
  readonly #stands = new Map<string, boolean>();

  /** What was so before anything was done. */
  put(action: Action, input: Json): void {
    this.#stands.set(keyOf(action.fullName, action, input), true);
  }

  performed(action: Action, input: Json): void {
    this.put(action, input);
    if (action.undo === undefined) return;
    const inverse = action.undo.input(input, undefined, undefined);
    this.#stands.set(keyOf(action.undo.action, action, inverse), false);
  }

  of(action: Action, input: Json): Standing {
    const own = this.#stands.get(keyOf(action.fullName, action, input));
    if (own !== undefined) return standing(own);
    if (action.undo === undefined) return standing(false);
    const inverse = this.#stands.get(keyOf(action.undo.action, action, action.undo.input(input, undefined, undefined)));
    return standing(inverse === false);
  }
}

function standing(stands: boolean): Standing {
  return { stands, summary: stands ? 'in place' : 'not in place' };
}

/** By typed targets, so that the inverse's input, which may have less in it, means the same thing. */
function keyOf(name: string, action: Action, input: Json): string {
  const targets = targetsOf(action.input, input).map(({ kind, value }) => [kind, value]);
  return canonical([name, targets.length > 0 ? targets : input]);
}
