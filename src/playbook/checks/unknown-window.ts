import { didYouMean } from '../../base/did-you-mean.ts';
import { isTemplate } from '../../expr/expr.ts';
import type { Check } from './check.ts';

/** Said where guardrails.yaml is known; a name that is computed is looked for when the step runs. */
export const unknownWindow: Check = {
  code: 'unknown-window',
  *run({ placements, windows }) {
    for (const { step } of placements) {
      if (windows === undefined || step.kind !== 'wait' || step.wait.kind !== 'window') continue;
      const { text, span } = step.wait.window;
      if (isTemplate(text) || windows.includes(text)) continue;
      yield {
        message: `no window "${text}"${didYouMean(text, windows)}`,
        span,
        hint:
          windows.length === 0 ? 'windows are in guardrails.yaml, under `windows`' : `windows: ${windows.join(', ')}`,
      };
    }
  },
};
