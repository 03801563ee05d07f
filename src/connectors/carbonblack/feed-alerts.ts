import type { ActionContext, Preview } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { feedProperties, feedState, feedUrl, theFeed } from './feed.ts';
import { alertsStanding, setAlerts, withAlerts } from './hit-alerts.ts';

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

export async function setFeedAlerts({ url }: Input, wanted: boolean, context: ActionContext): Promise<Answer<Output>> {
  const { feed } = await theFeed(context, url);
  const output = { ...feedState(feed), alerts: wanted };
  return setAlerts({ hitter: { kind: 'feed', id: feed.id }, wanted, output }, context);
}

export async function feedAlertsStanding({ url }: Input, wanted: boolean, wire: Wire): Promise<Standing> {
  const { feed } = await theFeed(wire, url);
  return alertsStanding({ hitter: { kind: 'feed', id: feed.id }, wanted, enabled: feed.enabled }, wire);
}

export function planFeedAlerts({ url }: Input, wanted: boolean, before: Standing | undefined): Preview<Output> {
  return {
    change: `feed ${url}: ${before?.summary ?? 'unknown'} -> ${withAlerts(wanted)}`,
    notes: before?.notes ?? [],
  };
}
