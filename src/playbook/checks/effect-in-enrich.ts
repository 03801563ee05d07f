import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const effectInEnrich: Check = {
  code: 'effect-in-enrich',
  *run(context) {
    for (const { step, action, place } of knownActionSteps(context)) {
      if (place !== 'enrich' || action.effect === 'read' || action.effect === 'message') continue;
      yield {
        message: `enrich looks up and tells, it never changes: ${action.fullName} is ${action.effect}`,
        span: context.spanOf(step, 'do'),
        hint: 'do it in `respond`',
      };
    }
  },
};
