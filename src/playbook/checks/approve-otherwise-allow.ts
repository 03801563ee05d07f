import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const approveOtherwiseAllow: Check = {
  code: 'approve-otherwise-allow',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      if (action.effect !== 'irreversible' || step.approve?.otherwise !== 'allow') continue;
      yield {
        message: `silence must not allow what cannot be taken back: ${action.fullName} is irreversible`,
        span: context.spanOf(step, 'approve', 'otherwise'),
        hint: 'write  otherwise: deny',
      };
    }
  },
};
