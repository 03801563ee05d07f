import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

/** On writes, which only the catalogue knows; on `ask`, `wait`, `for_each` and `call` the schema says it. */
export const missingId: Check = {
  code: 'missing-id',
  *run(context) {
    for (const { step, action, place } of knownActionSteps(context)) {
      if (place === 'enrich' || (action.effect !== 'reversible' && action.effect !== 'irreversible')) continue;
      if (context.nodeOf(step).has('id')) continue;
      yield {
        message: `a step that changes something needs an id: ${action.fullName} is ${action.effect}`,
        span: context.keySpanOf(step, 'do'),
        hint: 'the ledger, cases and `undo` name it by its id',
      };
    }
  },
};
