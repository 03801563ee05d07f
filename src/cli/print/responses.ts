import type { HoldView, ResponseView } from '../../api/contract.ts';
import type { Instant } from '../../base/clock.ts';
import type { Paint } from './painter.ts';
import { table } from './table.ts';
import { when } from './when.ts';

export function printResponses(responses: readonly ResponseView[], now: Instant, paint: Paint): string {
  const rows = responses.map(({ response, action, targets, state, began, holds, playbook }) => [
    action,
    targets.map(({ kind, value }) => `${kind} ${value}`).join(', '),
    state,
    when(began, now),
    holds.map(hold => holdText(hold, now)).join('; ') || '',
    playbook,
    response,
  ]);
  return table(
    ['action', 'target', 'state', 'began', 'held until', 'playbook', 'response'],
    rows,
    'nothing is in force',
    paint,
  );
}

function holdText({ until, events }: HoldView, now: Instant): string {
  const ends = [...(until === undefined ? [] : [when(until, now)]), ...events];
  return ends.length === 0 ? 'somebody undoes it' : ends.join(' or ');
}
