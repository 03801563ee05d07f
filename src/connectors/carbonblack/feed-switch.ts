import type { ActionContext, Preview } from '../../action/action.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import type { Wire } from './client.ts';
import { putFeed } from './client-feeds.ts';
import { enabledWord, switchTo } from './enabling.ts';
import type { FeedState } from './feed.ts';
import { describeFeed, feedState, feedUrl, theFeed } from './feed.ts';

export const switchInput = {
  type: 'object',
  properties: { url: feedUrl },
  required: ['url'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof switchInput>;

export function switchFeed({ url }: Input, wanted: boolean, context: ActionContext): Promise<Answer<FeedState>> {
  return switchTo(
    {
      find: () => theFeed(context, url),
      isEnabled: ({ feed }) => feed.enabled,
      put: ({ raw }, enabled) => putFeed(context, raw, { enabled }),
    },
    wanted,
    ({ feed }) => feedState(feed),
  );
}

export async function switchStanding({ url }: Input, wanted: boolean, wire: Wire): Promise<Standing> {
  const { feed } = await theFeed(wire, url);
  return { stands: feed.enabled === wanted, summary: describeFeed(feed) };
}

export function planSwitch({ url }: Input, wanted: boolean, before: Standing | undefined): Preview<FeedState> {
  return { change: `feed ${url}: ${before?.summary ?? 'unknown'} -> ${enabledWord(wanted)}` };
}
