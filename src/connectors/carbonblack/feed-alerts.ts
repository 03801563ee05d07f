import type { ActionContext, Preview } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { deleteFeedAction, postAlertAction } from './client-feeds.ts';
import { alertActionsOf, feedProperties, feedState, feedUrl, theFeed } from './feed.ts';

/** A feed without the alert action tags what it hits, and nobody is told. Having alerts and having none are its two ends. */
export const alertsInput = {
  type: 'object',
  properties: { url: feedUrl },
  required: ['url'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const alertsOutput = {
  type: 'object',
  properties: { ...feedProperties, alerts: { type: 'boolean', description: 'whether a hit raises an alert' } },
  required: ['id', 'name', 'url', 'enabled', 'alerts'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof alertsInput>;
type Output = FromSchema<typeof alertsOutput>;

export async function setAlerts({ url }: Input, wanted: boolean, context: ActionContext): Promise<Answer<Output>> {
  const { feed } = await theFeed(context, url);
  const output: Output = { ...feedState(feed), alerts: wanted };
  const before = await alertActionsOf(context, feed.id);
  if (before.length > 0 === wanted) return { kind: 'done', already: true, output };
  if (wanted) {
    const change = await postAlertAction(context, feed.id);
    if (change.kind === 'failed') return change;
  }
  for (const action of before) {
    const change = await deleteFeedAction(context, { feed: feed.id, action });
    if (change.kind === 'failed') return change;
  }
  const after = await alertActionsOf(context, feed.id);
  if (after.length > 0 === wanted) return { kind: 'done', output };
  const detail = `the change was answered with success, but the feed is still ${word(!wanted)}`;
  return { kind: 'failed', reason: 'rejected', detail };
}

export async function alertsStanding({ url }: Input, wanted: boolean, wire: Wire): Promise<Standing> {
  const { feed } = await theFeed(wire, url);
  const alerts = (await alertActionsOf(wire, feed.id)).length > 0;
  const notes = wanted && !feed.enabled ? ['the feed is disabled: it hits nothing'] : [];
  return { stands: alerts === wanted, summary: word(alerts), notes };
}

export function planAlerts({ url }: Input, wanted: boolean, before: Standing | undefined): Preview<Output> {
  return { change: `feed ${url}: ${before?.summary ?? 'unknown'} -> ${word(wanted)}`, notes: before?.notes ?? [] };
}

function word(alerts: boolean): string {
  return alerts ? 'with alerts' : 'without alerts';
}
