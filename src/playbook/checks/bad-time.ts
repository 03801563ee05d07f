import { isTemplate } from '../../expr/expr.ts';
import { parseTimestamp } from '../../expr/cel/time.ts';
import { typeName } from '../type-names.ts';
import type { Check } from './check.ts';

const HINT = 'a time is written 2026-11-24T22:00:00Z, or 2026-11-24T23:00:00+01:00';

/** Where a `wait` is told until when. */
export const badTime: Check = {
  code: 'bad-time',
  *run({ placements, expressions }) {
    for (const { step } of placements) {
      if (step.kind !== 'wait' || step.wait.kind !== 'until') continue;
      const { text, span } = step.wait.until;
      if (!isTemplate(text)) {
        if (parseTimestamp(text) === undefined) yield { message: `"${text}" is not a time`, span, hint: HINT };
        continue;
      }
      const checked = expressions.find(each => each.step === step && each.role === 'when')?.checked;
      const { type, format } = checked?.schema ?? {};
      if (checked?.lone !== true || type === undefined || (type === 'string' && format !== 'duration')) continue;
      yield {
        message: `a wait needs a time, and this is ${format === 'duration' ? 'a duration' : typeName(type)}`,
        span,
        hint: format === 'duration' ? 'write `for`, or add it to a time in a variable' : HINT,
      };
    }
  },
};
