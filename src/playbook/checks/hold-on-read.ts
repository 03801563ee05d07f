import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const holdOnRead: Check = {
  code: 'hold-on-read',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      if (step.hold === undefined || action.effect === 'reversible') continue;
      yield {
        message: `nothing to hold: ${action.fullName} is ${EFFECT[action.effect]}`,
        span: step.hold.span,
        hint: '`hold` says how long a reversible response stays in force',
      };
    }
  },
};

const EFFECT = {
  read: 'a read',
  message: 'a message',
  irreversible: 'irreversible',
  reversible: 'reversible',
} as const;
