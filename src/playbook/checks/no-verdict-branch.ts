import type { Check } from './check.ts';

export const noVerdictBranch: Check = {
  code: 'no-verdict-branch',
  *run({ playbook: { respond, verdict } }) {
    if (respond.kind !== 'branches') return;
    if (verdict === undefined) {
      yield {
        message: 'there is no verdict to choose a branch by',
        span: respond.span,
        hint: 'give the playbook a `verdict`, or make `respond` a plain list of steps',
      };
      return;
    }
    const branches = new Set(respond.branches.map(branch => branch.verdict));
    const told = new Set<string>();
    for (const { is, span } of verdict) {
      if (branches.has(is) || told.has(is) || is === 'unknown') continue;
      told.add(is);
      yield {
        message: `no branch of respond for the verdict "${is}"`,
        span,
        hint: `add  ${is}: [ … ]  or  ${is}: []  to say that deliberately nothing is done`,
      };
    }
  },
};
