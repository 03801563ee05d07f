import { didYouMean } from '../../base/did-you-mean.ts';
import { listUses } from '../list-uses.ts';
import type { Check } from './check.ts';

/** In `match` and in actions; in conditions the checker of expressions says it. */
export const unknownList: Check = {
  code: 'unknown-list',
  *run(context) {
    const names = [...context.listNames];
    for (const { by, name, span } of listUses(context)) {
      if (by === 'in_list' || name === undefined || names.includes(name)) continue;
      yield {
        message: `there is no list "${name}"${didYouMean(name, names)}`,
        span,
        hint: names.length === 0 ? `lists are files: lists/${name}.yaml` : `lists: ${names.join(', ')}`,
      };
    }
  },
};
