import type { Span } from '../base/span.ts';
import type { CheckContext } from './context.ts';
import { durationsOf } from './limits.ts';
import type { CountValue, DurationValue, TextValue } from './playbook.ts';

export interface ParamUse {
  readonly id: string;
  readonly wanted: 'duration' | 'integer' | 'string';
  readonly span: Span;
}

/** Every duration, count and cron text that is written `{{params.x}}`. */
export function* paramUses({ playbook, placements }: CheckContext): Generator<ParamUse> {
  yield* uses('duration', [playbook.timeout, playbook.once?.within]);
  for (const trigger of playbook.triggers) {
    if (trigger.kind === 'schedule') yield* uses('string', [trigger.cron]);
    if (trigger.kind !== 'correlate') continue;
    yield* uses('duration', [trigger.within]);
    yield* uses('integer', [trigger.count, ...[...trigger.each, ...trigger.distinct].map(({ least }) => least)]);
  }
  for (const { step } of placements) {
    yield* uses('duration', durationsOf(step));
    if (step.kind === 'for_each') yield* uses('integer', [step.max]);
    if (step.kind === 'do') yield* uses('integer', [step.retry?.times]);
  }
}

function* uses(
  wanted: ParamUse['wanted'],
  values: readonly (DurationValue | CountValue | TextValue | undefined)[],
): Generator<ParamUse> {
  for (const value of values)
    if (value !== undefined && 'param' in value) yield { id: value.param, wanted, span: value.span };
}
