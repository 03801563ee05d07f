import { changesSomething } from '../callable.ts';
import { knownActionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const effectInEnrich: Check = {
  code: 'effect-in-enrich',
  *run(context) {
    for (const { step, action, place } of knownActionSteps(context)) {
      if (place !== 'enrich' || action.effect === 'read' || action.effect === 'message') continue;
      yield {
        message: `enrich looks up and tells, it never changes: ${action.fullName} is ${action.effect}`,
        span: context.spanOf(step, 'do'),
        hint: 'do it in `respond`',
      };
    }
    const { callables } = context.catalogue;
    for (const { step, around } of context.placements) {
      if (around.section !== 'enrich' || step.kind !== 'call' || callables === undefined) continue;
      if (!changesSomething(step.call, callables)) continue;
      yield {
        message: `enrich looks up and tells, it never changes: ${step.call}, or what it calls, does`,
        span: context.spanOf(step, 'call'),
        hint: 'call it in `respond`',
      };
    }
  },
};
