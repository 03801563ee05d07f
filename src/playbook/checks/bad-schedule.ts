import { isTimezone, parseCron } from '../../base/cron.ts';
import { isTemplate } from '../../expr/expr.ts';
import { resolveText } from '../resolve.ts';
import type { Check } from './check.ts';

export const badSchedule: Check = {
  code: 'bad-schedule',
  *run(context) {
    for (const trigger of context.playbook.triggers) {
      if (trigger.kind !== 'schedule') continue;
      const { cron, timezone } = trigger;
      const isKnown = isTimezone(timezone.name);
      if (!isKnown) {
        yield {
          message: `there is no time zone ${JSON.stringify(timezone.name)}`,
          span: timezone.span,
          hint: 'time zones have the names that IANA gave them, such as UTC or Europe/Berlin',
        };
      }
      const text = resolveText(cron, context);
      const parsed = text === undefined ? undefined : parseCron(text, isKnown ? timezone.name : 'UTC');
      if (text === undefined || parsed === undefined || !('problem' in parsed)) continue;
      yield {
        message: `the schedule ${JSON.stringify(text)} ${parsed.problem}`,
        span: cron.span,
        hint: isTemplate(text)
          ? 'the whole text may be a parameter: exactly "{{params.x}}"'
          : 'on working days at eight: "0 8 * * MON-FRI"',
      };
    }
  },
};
