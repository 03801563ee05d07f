import { didYouMean } from '../../base/did-you-mean.ts';
import { isTemplate } from '../../expr/expr.ts';
import { eventUses } from '../matches.ts';
import type { Check } from './check.ts';

/** In `match`; in conditions the checker of expressions says it. */
export const unknownList: Check = {
  code: 'unknown-list',
  *run(context) {
    const names = [...context.listNames];
    for (const { on } of eventUses(context)) {
      for (const field of on.match?.any.flat() ?? []) {
        if (!field.modifiers.includes('inlist')) continue;
        for (const [index, value] of field.values.entries()) {
          if (typeof value !== 'string' || isTemplate(value) || names.includes(value)) continue;
          yield {
            message: `there is no list "${value}"${didYouMean(value, names)}`,
            span: context.valueSpanOf(field, index),
            hint: names.length === 0 ? `lists are files: lists/${value}.yaml` : `lists: ${names.join(', ')}`,
          };
        }
      }
    }
  },
};
