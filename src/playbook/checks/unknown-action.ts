import { didYouMean } from '../../base/did-you-mean.ts';
import { actionSteps } from '../action-steps.ts';
import type { Check } from './check.ts';

export const unknownAction: Check = {
  code: 'unknown-action',
  *run(context) {
    const { catalogue, spanOf } = context;
    for (const { step, action } of actionSteps(context)) {
      if (action !== undefined) continue;
      const [connector = ''] = step.do.split('.');
      const siblings = [...catalogue.actions.keys()].filter(name => name.startsWith(`${connector}.`));
      yield {
        message: `unknown action "${step.do}"${didYouMean(step.do, catalogue.actions.keys())}`,
        span: spanOf(step, 'do'),
        hint:
          siblings.length > 0
            ? `actions of ${connector}: ${siblings.map(name => name.slice(connector.length + 1)).join(', ')}`
            : `connectors: ${[...catalogue.connectors.keys()].join(', ')}`,
      };
    }
  },
};
