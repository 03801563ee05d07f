import { knownActionSteps } from '../action-steps.ts';
import { inputName, inputTexts, misfits } from '../misfits.ts';
import { pointerOf } from '../path.ts';
import type { Check } from './check.ts';

/** Written values are held against the action's schema as they are, references by their type. */
export const wrongInput: Check = {
  code: 'wrong-input',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      const texts = inputTexts(step, context.expressions);
      for (const [name, value] of Object.entries(step.with)) {
        const schema = action.input.properties?.[name];
        if (schema === undefined) continue;
        for (const { path, message } of misfits(value, schema, [name], texts)) {
          const span = step.withSpans[pointerOf(path)] ?? context.spanOf(step, 'with', ...path);
          yield { message: `${inputName(path)} of ${action.fullName} ${message}`, span };
        }
      }
    }
  },
};
