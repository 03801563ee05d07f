import type { Action } from '../action/action.ts';
import type { CheckContext } from './context.ts';
import type { DoStep } from './playbook.ts';

export interface ActionStep {
  readonly step: DoStep;
  /** Undefined when there is no such action. */
  readonly action: Action | undefined;
  readonly place: 'enrich' | 'respond' | 'finally';
}

/** Every use of an action. */
export function* actionSteps({ catalogue, placements }: CheckContext): Generator<ActionStep> {
  for (const { step, around } of placements) {
    if (step.kind === 'do') yield { step, action: catalogue.actions.get(step.do), place: around.section };
  }
}

/** Those whose action is known. */
export function* knownActionSteps(context: CheckContext): Generator<ActionStep & { readonly action: Action }> {
  for (const { step, action, place } of actionSteps(context)) if (action !== undefined) yield { step, action, place };
}
