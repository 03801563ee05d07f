import type { Span } from '../base/span.ts';
import type { CheckContext } from './context.ts';
import type { CountValue, DurationValue, EnrichStep, Step } from './playbook.ts';

export interface ParamUse {
  readonly id: string;
  readonly wanted: 'duration' | 'integer';
  readonly span: Span;
}

/** Every duration and count that is written `{{params.x}}`. */
export function* paramUses({ playbook, placements }: CheckContext): Generator<ParamUse> {
  yield* uses('duration', [playbook.timeout, playbook.once?.within]);
  for (const step of [...playbook.enrich, ...placements.map(placement => placement.step)]) {
    yield* uses('duration', durations(step));
    if (step.kind === 'for_each') yield* uses('integer', [step.max]);
    if (step.kind === 'do') yield* uses('integer', [step.retry?.times]);
  }
}

function* uses(
  wanted: ParamUse['wanted'],
  values: readonly (DurationValue | CountValue | undefined)[],
): Generator<ParamUse> {
  for (const value of values)
    if (value !== undefined && 'param' in value) yield { id: value.param, wanted, span: value.span };
}

function durations(step: Step | EnrichStep): (DurationValue | undefined)[] {
  switch (step.kind) {
    case 'ask':
      return [step.within];
    case 'wait':
      return [step.wait.kind === 'for' ? step.wait.for : step.wait.within];
    case 'do':
      return [step.timeout, step.retry?.every, step.retry?.max, step.poll?.every, step.approve?.within, step.hold?.for];
    default:
      return [];
  }
}
