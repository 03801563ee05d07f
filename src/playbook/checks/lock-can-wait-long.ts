import { formatDuration } from '../../base/duration.ts';
import { waitsOf } from '../limits.ts';
import { resolveDuration } from '../resolve.ts';
import type { Check } from './check.ts';

export const lockCanWaitLong: Check = {
  code: 'lock-can-wait-long',
  *run(context) {
    const { lock } = context.playbook;
    if (lock === undefined) return;
    for (const { step } of context.placements) {
      for (const limit of waitsOf(step)) {
        const duration = resolveDuration(limit, context);
        if (duration === undefined || duration <= HOUR) continue;
        yield {
          message: `a run can keep this lock for ${formatDuration(duration)} while it waits (line ${limit.span.start.line}), and the next run on its key waits as long`,
          span: lock.span,
          hint: 'most playbooks need no lock: writes on one target never overlap, and responses are shared',
        };
        return;
      }
    }
  },
};

const HOUR = 3_600_000;
