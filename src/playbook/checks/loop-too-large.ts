import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import type { ForEachStep } from '../playbook.ts';
import { resolveCount } from '../resolve.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Check } from './check.ts';

/** What a loop may be at most (LANGUAGE 6). */
export const loopTooLarge: Check = {
  code: 'loop-too-large',
  *run(context) {
    for (const { step, around } of context.placements) {
      if (step.kind === 'for_each') yield* tooLarge(step, around, context);
    }
  },
};

const MOST_LEVELS = 2;
const MOST_ITEMS = 2_000;
const MOST_STEPS = 10_000;

function* tooLarge(step: ForEachStep, { loops }: Surroundings, context: CheckContext): Generator<Finding> {
  if (loops.length >= MOST_LEVELS) {
    yield {
      message: 'loops nest two deep, and this is a third',
      span: context.keySpanOf(step, 'for_each'),
      hint: 'make one list of the inner two in `vars`, or call another playbook',
    };
    return;
  }
  const max = resolveCount(step.max, context);
  if (max !== undefined && max > MOST_ITEMS) {
    yield { message: `a loop goes over at most 2,000 items, not ${max}`, span: step.max.span };
    return;
  }
  const [outer] = loops;
  const times = outer === undefined ? undefined : resolveCount(outer.loop.max, context);
  if (max === undefined || times === undefined || times > MOST_ITEMS || times * max <= MOST_STEPS) return;
  yield {
    severity: 'warning',
    message: `${times} times ${max} rounds are more than the 10,000 steps that a run may execute`,
    span: step.max.span,
    hint: 'what is beyond fails: too-many',
  };
}
