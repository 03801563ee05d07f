import type { ActionContext, Preview } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { putFeed } from './client-feeds.ts';
import type { FeedState } from './feed.ts';
import { describeFeed, feedState, feedUrl, theFeed } from './feed.ts';

/** Enabling a feed and disabling it are one thing with two ends. */
export const switchInput = {
  type: 'object',
  properties: { url: feedUrl },
  required: ['url'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof switchInput>;

export async function switchFeed({ url }: Input, wanted: boolean, context: ActionContext): Promise<Answer<FeedState>> {
  const { feed, raw } = await theFeed(context, url);
  if (feed.enabled === wanted) return { kind: 'done', already: true, output: feedState(feed) };
  const change = await putFeed(context, raw, { enabled: wanted });
  if (change.kind === 'failed') return change;
  const { feed: after } = await theFeed(context, url);
  if (after.enabled === wanted) return { kind: 'done', output: feedState(after) };
  const detail = `the change was answered with success, but the feed is still ${describeFeed(after)}`;
  return { kind: 'failed', reason: 'rejected', detail };
}

export async function switchStanding({ url }: Input, wanted: boolean, wire: Wire): Promise<Standing> {
  const { feed } = await theFeed(wire, url);
  return { stands: feed.enabled === wanted, summary: describeFeed(feed) };
}

export function planSwitch({ url }: Input, wanted: boolean, before: Standing | undefined): Preview<FeedState> {
  return { change: `feed ${url}: ${before?.summary ?? 'unknown'} -> ${wanted ? 'enabled' : 'disabled'}` };
}
