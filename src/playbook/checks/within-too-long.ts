import { formatDuration } from '../../base/duration.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';
import type { DoStep, DurationValue, EnrichStep, Step } from '../playbook.ts';
import { resolveDuration } from '../resolve.ts';
import type { Check } from './check.ts';

export const withinTooLong: Check = {
  code: 'within-too-long',
  *run(context) {
    const run = resolveDuration(context.playbook.timeout, context);
    const steps: readonly (Step | EnrichStep)[] = [
      ...context.playbook.enrich,
      ...context.placements.map(({ step }) => step),
    ];
    for (const step of steps) {
      if (run !== undefined) yield* longerThanRun(step, run, context);
      if (step.kind === 'do') yield* longerThanStep(step, context);
    }
  },
};

function* longerThanRun(step: Step | EnrichStep, run: number, context: CheckContext): Generator<Finding> {
  for (const limit of limitsOf(step)) {
    const duration = resolveDuration(limit, context);
    if (duration === undefined || duration <= run) continue;
    yield {
      message: `${formatDuration(duration)} is longer than the whole run may take, which is ${formatDuration(run)}`,
      span: limit.span,
      hint: "raise the playbook's `timeout`, or make this shorter",
    };
  }
}

function limitsOf(step: Step | EnrichStep): DurationValue[] {
  if (step.kind === 'ask') return [step.within];
  if (step.kind === 'wait') return [step.wait.kind === 'for' ? step.wait.for : step.wait.within];
  if (step.kind !== 'do') return [];
  return [step.timeout, step.approve?.within].filter(limit => limit !== undefined);
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
