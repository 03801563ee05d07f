import { compilePattern, isTemplate } from '../../expr/expr.ts';
import { eventUses } from '../matches.ts';
import type { Check } from './check.ts';

/** In `match`; in conditions the checker of expressions says it. */
export const badPattern: Check = {
  code: 'bad-pattern',
  *run(context) {
    for (const { on } of eventUses(context)) {
      for (const field of on.match?.any.flat() ?? []) {
        if (!field.modifiers.includes('re')) continue;
        for (const [index, value] of field.values.entries()) {
          if (typeof value !== 'string' || isTemplate(value)) continue;
          const compiled = compilePattern(value);
          if ('pattern' in compiled) continue;
          const { message, hint } = compiled;
          yield { message, span: context.valueSpanOf(field, index), ...(hint === undefined ? {} : { hint }) };
        }
      }
    }
  },
};
