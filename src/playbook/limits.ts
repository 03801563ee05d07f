import type { DurationValue, EnrichStep, Step } from './playbook.ts';

/** How long a step can wait for people, a clock or an event. */
export function waitsOf(step: Step | EnrichStep): readonly DurationValue[] {
  switch (step.kind) {
    case 'ask':
      return [step.within];
    case 'wait':
      return [step.wait.kind === 'for' ? step.wait.for : step.wait.within];
    case 'do':
      return step.approve === undefined ? [] : [step.approve.within];
    default:
      return [];
  }
}

/** With the time that machines have. */
export function limitsOf(step: Step | EnrichStep): readonly DurationValue[] {
  return (step.kind === 'do' || step.kind === 'call') && step.timeout !== undefined
    ? [step.timeout, ...waitsOf(step)]
    : waitsOf(step);
}

/** Every duration that a step names. */
export function durationsOf(step: Step | EnrichStep): readonly DurationValue[] {
  if (step.kind !== 'do') return limitsOf(step);
  const others = [step.retry?.every, step.retry?.max, step.poll?.every, step.hold?.for];
  return [...limitsOf(step), ...others.filter(duration => duration !== undefined)];
}
