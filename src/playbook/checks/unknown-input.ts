import { didYouMean } from '../../base/did-you-mean.ts';
import { knownActionSteps } from '../action-steps.ts';
import { describeInputs } from '../describe-inputs.ts';
import type { Check } from './check.ts';

export const unknownInput: Check = {
  code: 'unknown-input',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      const { properties = {}, additionalProperties } = action.input;
      if (additionalProperties === true) continue;
      for (const name of Object.keys(step.with)) {
        if (Object.hasOwn(properties, name)) continue;
        yield {
          message: `unknown input "${name}" of ${action.fullName}${didYouMean(name, Object.keys(properties))}`,
          span: context.keySpanOf(step, 'with', name),
          hint: describeInputs(action.input),
        };
      }
    }
  },
};
