import { cyclicEnrichments } from '../cycles.ts';
import type { Check } from './check.ts';

export const cyclicEnrich: Check = {
  code: 'cyclic-enrich',
  *run({ playbook, keySpanOf }) {
    const cyclic = cyclicEnrichments(playbook);
    for (const entry of playbook.enrich) {
      if (!cyclic.has(entry.id)) continue;
      yield {
        message: `enrich.${entry.id} waits for itself, directly or through others`,
        span: keySpanOf(entry),
        hint: 'a reference to an enrichment and `after` both mean: not before that one has ended',
      };
    }
  },
};
