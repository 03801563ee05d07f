import type { Span } from '../../base/span.ts';
import { isReservedId } from '../../expr/expr.ts';
import type { CheckContext } from '../context.ts';
import type { Check } from './check.ts';

export const reservedId: Check = {
  code: 'reserved-id',
  *run(context) {
    for (const [id, span] of ids(context)) {
      if (isReservedId(id)) yield { message: `"${id}" cannot be an id: expressions mean something else by it`, span };
    }
    for (const { is, span } of context.playbook.verdict ?? []) {
      if (is !== 'unknown') continue;
      yield {
        message: '"unknown" cannot be written as a verdict: it is what stands when nothing else does',
        span,
        hint: 'leave the check out, or give the verdict a word of its own',
      };
    }
  },
};

function* ids({ playbook, placements, root, nodeOf, spanOf }: CheckContext): Generator<[string, Span]> {
  for (const key of ['params', 'inputs', 'outputs', 'vars', 'enrich'] as const) {
    for (const [id, node] of root.get(key)?.entries() ?? []) yield [id, node.keySpan];
  }
  for (const { is, span } of playbook.verdict ?? []) yield [is, span];
  for (const { step } of placements) {
    if (nodeOf(step).has('id')) yield [step.id, spanOf(step, 'id')];
    if (step.kind === 'for_each') yield [step.as, spanOf(step, 'as')];
    if (step.kind === 'parallel') for (const { id, span } of step.branches) yield [id, span];
    if (step.kind === 'ask') for (const { id, span } of [...step.answers, ...(step.form ?? [])]) yield [id, span];
  }
}
