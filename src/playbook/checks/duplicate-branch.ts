import type { Check } from './check.ts';

export const duplicateBranch: Check = {
  code: 'duplicate-branch',
  *run({ playbook, placements, nodeOf }) {
    for (const { step } of placements) {
      if (step.kind !== 'choose') continue;
      const seen = new Map<string, number>();
      for (const branch of nodeOf(step).get('choose')?.items() ?? []) {
        const condition = branch.get('if')?.text();
        const key = branch.has('else') ? 'else' : branch.has('undecided') ? 'undecided' : condition;
        if (key === undefined) continue;
        const line = seen.get(key);
        if (line === undefined) seen.set(key, branch.span.start.line);
        else {
          const what = key === condition ? 'a branch with this condition' : `an \`${key}\` branch`;
          yield { message: `there is ${what} already (line ${line}): this one is never taken`, span: branch.keySpan };
        }
      }
    }
    const checks = new Map<string, number>();
    for (const check of playbook.verdict ?? []) {
      if (check.if === undefined) continue;
      const line = checks.get(check.if.text);
      if (line === undefined) checks.set(check.if.text, check.span.start.line);
      else
        yield {
          message: `a check above has this condition already (line ${line}): this one is never taken`,
          span: check.if.span,
        };
    }
  },
};
