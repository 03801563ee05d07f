import { knownActionSteps } from '../action-steps.ts';
import { isOptional } from '../optional.ts';
import { describeInputs } from '../describe-inputs.ts';
import type { Check } from './check.ts';

export const missingInput: Check = {
  code: 'missing-input',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      if (context.isDoubtful(step)) continue;
      for (const name of action.input.required ?? []) {
        if (isOptional(step.with[name]) && action.input.properties?.[name]?.['x-target'] === undefined) {
          yield {
            message: `${action.fullName} needs the input "${name}", and \`optional\` can leave it out`,
            span: context.spanOf(step, 'with', name),
            hint: 'write the reference without `optional`, or {{default x y}}',
          };
        }
        // What is misspelt is there under another name, and is reported as that.
        if (Object.hasOwn(step.with, name) || hasUnknown(step.with, action.input.properties ?? {})) continue;
        const hasInputs = context.nodeOf(step).has('with');
        yield {
          message: `${action.fullName} needs the input "${name}"`,
          span: hasInputs ? context.keySpanOf(step, 'with') : context.spanOf(step, 'do'),
          hint: describeInputs(action.input),
        };
      }
    }
  },
};

function hasUnknown(given: object, inputs: object): boolean {
  return Object.keys(given).some(name => !Object.hasOwn(inputs, name));
}
