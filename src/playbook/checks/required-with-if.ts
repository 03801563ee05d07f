import type { Check } from './check.ts';

export const requiredWithIf: Check = {
  code: 'required-with-if',
  *run({ playbook, keySpanOf }) {
    for (const entry of playbook.enrich) {
      if (!entry.required || entry.if === undefined) continue;
      yield {
        message: `enrich.${entry.id} cannot be both required and left out by its \`if\``,
        span: keySpanOf(entry, 'required'),
        hint: 'leave out one of them; a check on `known(…)` says what must be known',
      };
    }
  },
};
