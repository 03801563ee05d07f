import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { readWatchlists } from '../client-watchlists.ts';
import type { settings } from '../settings.ts';
import { parseWatchlist, watchlistName, watchlistSchema } from '../watchlist.ts';

export const listWatchlists = defineAction<typeof settings>()({
  name: 'list-watchlists',
  description: 'The watchlists of the server, or those of one name.',
  effect: 'read',
  input: { type: 'object', properties: { name: watchlistName }, additionalProperties: false },
  output: {
    type: 'object',
    properties: { watchlists: { type: 'array', items: watchlistSchema } },
    required: ['watchlists'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['view watchlists'],
  perform: reading(async ({ name }, context) => {
    const watchlists = (await readWatchlists(context)).map(parseWatchlist);
    return { kind: 'done', output: { watchlists: watchlists.filter(one => name === undefined || one.name === name) } };
  }),
});
