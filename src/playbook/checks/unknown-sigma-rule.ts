import type { Check } from './check.ts';

export const unknownSigmaRule: Check = {
  code: 'unknown-sigma-rule',
  *run({ playbook }) {
    for (const trigger of playbook.triggers) {
      if (trigger.kind !== 'sigma' || trigger.found > 0) continue;
      yield {
        message: `no rule file fits ${JSON.stringify(trigger.glob.text)}`,
        span: trigger.glob.span,
        hint: 'rules are files below sigma/; `*` stands for anything but `/`, `**` for anything: windows/**',
      };
    }
  },
};
