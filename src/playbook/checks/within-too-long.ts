import type { Milliseconds } from '../../base/duration.ts';
import { formatDuration } from '../../base/duration.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import { limitsOf } from '../limits.ts';
import type { DoStep, EnrichStep, Step } from '../playbook.ts';
import { resolveDuration } from '../resolve.ts';
import type { Check } from './check.ts';

export const withinTooLong: Check = {
  code: 'within-too-long',
  *run(context) {
    const run = { name: 'the whole run', most: resolveDuration(context.playbook.timeout, context) ?? Infinity };
    for (const { step, around } of context.placements) {
      yield* longerThan(around.section === 'finally' ? FINALLY : run, step, context);
      if (step.kind === 'do') yield* longerThanStep(step, context);
    }
  },
};

interface Whole {
  readonly name: string;
  readonly most: Milliseconds;
}

const FINALLY: Whole = { name: '`finally`', most: 600_000 };

function* longerThan({ name, most }: Whole, step: Step | EnrichStep, context: CheckContext): Generator<Finding> {
  for (const limit of limitsOf(step)) {
    const duration = resolveDuration(limit, context);
    if (duration === undefined || duration <= most) continue;
    yield {
      message: `${formatDuration(duration)} is longer than ${name} may take, which is ${formatDuration(most)}`,
      span: limit.span,
      hint: name === FINALLY.name ? 'make this shorter' : "raise the playbook's `timeout`, or make this shorter",
    };
  }
}

/** Asking again later than the step may last is never asking again. */
function* longerThanStep(step: DoStep, context: CheckContext): Generator<Finding> {
  const manifest = context.catalogue.actions.get(step.do);
  const timeout =
    step.timeout === undefined
      ? (manifest?.timeout ?? DEFAULT[manifest?.effect ?? 'message'])
      : resolveDuration(step.timeout, context);
  for (const pause of [step.poll?.every, step.retry?.every]) {
    const duration = pause === undefined ? undefined : resolveDuration(pause, context);
    if (pause === undefined || duration === undefined || timeout === undefined || duration < timeout) continue;
    yield {
      message: `after ${formatDuration(duration)} the step is over: its timeout is ${formatDuration(timeout)}`,
      span: pause.span,
      hint: 'give the step a longer `timeout`: it covers all attempts and polls',
    };
  }
}

/** Where neither the step nor the manifest says (LANGUAGE 6). */
const DEFAULT = { read: 30_000, message: 120_000, reversible: 120_000, irreversible: 120_000 } as const;
