import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { postSynchronize } from '../client-feeds.ts';
import { FEED_RIGHTS, feedProperties, feedState, feedUrl, theFeed } from '../feed.ts';
import type { settings } from '../settings.ts';

/** The server answers when it has noted the request and does it in the background: get-feed-report shows what it has. */
export const synchroniseFeed = defineAction<typeof settings>()({
  name: 'synchronise-feed',
  description: 'Has the server fetch a feed again, in the background. A feed that is disabled is refused.',
  effect: 'irreversible',
  // It repeats what the server does of itself, only sooner.
  routine: true,
  input: {
    type: 'object',
    properties: {
      url: feedUrl,
      full: {
        type: 'boolean',
        description: 'also drop the reports that the feed has no more, not only take new ones; true if not given',
      },
    },
    required: ['url'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: { ...feedProperties, full: { type: 'boolean' } },
    required: ['id', 'name', 'url', 'enabled', 'full'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: FEED_RIGHTS,
  perform: writing(async ({ url, full = true }, context) => {
    const { feed } = await theFeed(context, url);
    const change = await postSynchronize(context, { feed: feed.id, full });
    if (change.kind === 'failed') return change;
    return { kind: 'done', output: { ...feedState(feed), full } };
  }),
  plan: ({ url, full = true }) => ({ change: `feed ${url}: fetched again${full ? ', in full' : ''}` }),
});
