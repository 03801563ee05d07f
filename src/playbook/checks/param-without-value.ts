import { paramValue } from '../resolve.ts';
import type { Check } from './check.ts';

export const paramWithoutValue: Check = {
  code: 'param-without-value',
  *run(context) {
    if (context.params === undefined) return;
    for (const param of context.playbook.params) {
      if (paramValue(param, context) !== undefined) continue;
      yield {
        message: `params.${param.id} has no default, and this environment does not set it`,
        span: param.span,
        hint: `set it in backline.yaml: playbooks: { ${context.playbook.name}: { params: { ${param.id}: … } } }`,
      };
    }
  },
};
