import type { ActionContext } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { Wire } from './client.ts';
import type { Hitter } from './client-hit-actions.ts';
import { deleteAction, postAlertAction, readAlertActions } from './client-hit-actions.ts';

/*
 * A feed or a watchlist without the alert action tags what it hits, and nobody is told. Having alerts and having none are
 * two ends of one thing.
 */

export async function setAlerts<Output>(
  { hitter, wanted, output }: { readonly hitter: Hitter; readonly wanted: boolean; readonly output: Output },
  context: ActionContext,
): Promise<Answer<Output>> {
  const before = await readAlertActions(context, hitter);
  if (before.length > 0 === wanted) return { kind: 'done', already: true, output };
  if (wanted) {
    const change = await postAlertAction(context, hitter);
    if (change.kind === 'failed') return change;
  }
  for (const action of before) {
    const change = await deleteAction(context, hitter, action);
    if (change.kind === 'failed') return change;
  }
  const after = await readAlertActions(context, hitter);
  if (after.length > 0 === wanted) return { kind: 'done', output };
  const detail = `the change was answered with success, but the ${hitter.kind} is still ${withAlerts(!wanted)}`;
  return { kind: 'failed', reason: 'rejected', detail };
}

export async function alertsStanding(
  { hitter, wanted, enabled }: { readonly hitter: Hitter; readonly wanted: boolean; readonly enabled: boolean },
  wire: Wire,
): Promise<Standing> {
  const alerts = (await readAlertActions(wire, hitter)).length > 0;
  const notes = wanted && !enabled ? [`the ${hitter.kind} is disabled: it hits nothing`] : [];
  return { stands: alerts === wanted, summary: withAlerts(alerts), notes };
}

export function withAlerts(alerts: boolean): string {
  return alerts ? 'with alerts' : 'without alerts';
}
