import { topLists, innerLists } from '../playbook.ts';
import type { Step } from '../playbook.ts';
import type { Finding } from '../finding.ts';
import type { Check } from './check.ts';

/** Conditions that are always false are found with the expressions. */
export const unreachableStep: Check = {
  code: 'unreachable-step',
  *run({ playbook, keySpanOf }) {
    const { respond, verdict } = playbook;
    if (respond.kind === 'branches' && verdict !== undefined) {
      const words = new Set([...verdict.map(({ is }) => is), 'unknown']);
      for (const branch of respond.branches) {
        if (words.has(branch.verdict)) continue;
        const message = `no check gives the verdict "${branch.verdict}": this branch is never taken`;
        yield { message, span: branch.span, severity: 'error', hint: `verdicts: ${[...words].join(', ')}` };
      }
    }
    const always = verdict?.findIndex(check => check.if === undefined) ?? -1;
    for (const check of always === -1 ? [] : (verdict ?? []).slice(always + 1)) {
      yield { message: 'this check is never reached: one above it has no condition', span: check.span };
    }
    for (const list of topLists(playbook)) yield* afterStop(list, step => keySpanOf(step));
  },
};

function* afterStop(list: readonly Step[], spanOf: (step: Step) => Finding['span']): Generator<Finding> {
  const stop = list.findIndex(endsRun);
  const next = stop === -1 ? undefined : list[stop + 1];
  if (next !== undefined)
    yield { message: 'this step is never reached: the run has been stopped before it', span: spanOf(next) };
  for (const step of list) for (const inner of innerLists(step)) yield* afterStop(inner, spanOf);
}

/** Whatever happens in it. */
function endsRun(step: Step): boolean {
  if (step.if !== undefined) return false;
  if (step.kind === 'stop') return true;
  if (step.kind === 'parallel')
    return step.onError.kind === 'fail' && step.branches.some(({ steps }) => steps.some(endsRun));
  if (step.kind !== 'choose' || step.else === undefined || step.onError.kind !== 'fail') return false;
  const lists = [
    ...step.branches.map(({ then }) => then),
    step.else,
    ...(step.undecided === undefined ? [] : [step.undecided]),
  ];
  return lists.every(list => list.some(endsRun));
}
