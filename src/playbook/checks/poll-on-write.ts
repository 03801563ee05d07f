import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const pollOnWrite: Check = {
  code: 'poll-on-write',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      if (step.poll === undefined || action.effect === 'read') continue;
      yield {
        message: `only reads can be polled: ${action.fullName} is ${action.effect === 'message' ? 'a message' : action.effect}`,
        span: context.keySpanOf(step, 'poll'),
        hint: 'poll a read in a step after it; a long action needs only a longer `timeout`',
      };
    }
  },
};
