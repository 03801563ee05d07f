import { knownActionSteps } from '../action-steps.ts';
import { isOptional } from '../optional.ts';
import type { Check } from './check.ts';

export const optionalTarget: Check = {
  code: 'optional-target',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      const targets = Object.keys(step.with).filter(name => {
        const schema = action.input.properties?.[name];
        return (schema?.['x-target'] ?? schema?.items?.['x-target']) !== undefined;
      });
      const [only] = targets;
      if (only === undefined || targets.length > 1 || !isOptional(step.with[only])) continue;
      yield {
        message: `without "${only}", ${action.fullName} would act on more than was meant`,
        span: context.spanOf(step, 'with', only),
        hint: `write the reference without \`optional\`: the step then stops where it is not known; or give this step an  if: has(…)`,
      };
    }
  },
};
