import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const irreversibleWithoutApproval: Check = {
  code: 'irreversible-without-approval',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      if (action.effect !== 'irreversible' || action.routine || step.approve !== undefined || context.isDoubtful(step))
        continue;
      yield {
        message: `${action.fullName} cannot be taken back, and nobody is asked`,
        span: context.spanOf(step, 'do'),
        hint: 'add  approve: { who: …, within: …, otherwise: deny }',
      };
    }
  },
};
