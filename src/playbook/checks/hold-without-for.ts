import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const holdWithoutFor: Check = {
  code: 'hold-without-for',
  *run(context) {
    for (const { step, action } of knownActionSteps(context)) {
      if (step.hold === undefined || step.hold.for !== undefined || context.isDoubtful(step)) continue;
      const address = Object.keys(step.with).find(name => kindOf(action.input.properties?.[name]) === 'ip');
      if (address === undefined) continue;
      yield {
        message: `this hold has no end of its own, but "${address}" is an address: its lease ends and another host gets it`,
        span: step.hold.span,
        hint: 'add  for: 7d  or less; the earlier of `for` and `until` lets go',
      };
    }
  },
};

function kindOf(
  schema: { readonly 'x-target'?: string; readonly items?: { readonly 'x-target'?: string } } | undefined,
): string | undefined {
  return schema?.['x-target'] ?? schema?.items?.['x-target'];
}
