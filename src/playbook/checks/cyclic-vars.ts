import { cyclicVars as find } from '../cycles.ts';
import type { Check } from './check.ts';

export const cyclicVars: Check = {
  code: 'cyclic-vars',
  *run({ playbook }) {
    const cyclic = find(playbook);
    for (const { id, span } of playbook.vars) {
      if (cyclic.has(id)) yield { message: `vars.${id} needs itself, directly or through others`, span };
    }
  },
};
