import type { Check } from './check.ts';

export const finallyForbidden: Check = {
  code: 'finally-forbidden',
  *run({ placements, keySpanOf }) {
    for (const { step, around } of placements) {
      if (around.section !== 'finally' || (step.kind !== 'ask' && step.kind !== 'wait' && step.kind !== 'stop'))
        continue;
      yield {
        message: `\`${step.kind}\` is not possible in finally, which must end whatever happens`,
        span: keySpanOf(step, step.kind),
        hint: 'do it at the end of `respond`',
      };
    }
  },
};
