import { didYouMean } from '../../base/did-you-mean.ts';
import { paramUses } from '../param-uses.ts';
import type { Check } from './check.ts';

/** In durations, counts and cron texts, and in what the environment sets; in expressions it is an unknown reference. */
export const unknownParam: Check = {
  code: 'unknown-param',
  *run(context) {
    const ids = context.playbook.params.map(({ id }) => id);
    for (const { id, span } of paramUses(context)) {
      if (!ids.includes(id)) yield { message: `there is no parameter "${id}"${didYouMean(id, ids)}`, span };
    }
    for (const id of Object.keys(context.params ?? {})) {
      if (ids.includes(id)) continue;
      const place = context.root.get('params') ?? context.root.get('playbook') ?? context.root;
      yield {
        message: `backline.yaml sets the parameter "${id}", which this playbook does not have${didYouMean(id, ids)}`,
        span: place.keySpan,
      };
    }
  },
};
