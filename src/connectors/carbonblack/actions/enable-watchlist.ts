import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { settings } from '../settings.ts';
import { WATCHLIST_RIGHTS } from '../watchlist.ts';
import { namedInput, planWatchlist, switchWatchlist, switchedOutput, watchlistStanding } from '../watchlist-switch.ts';

export const enableWatchlist = defineAction<typeof settings>()({
  name: 'enable-watchlist',
  description: 'Enables a watchlist: its search is repeated again.',
  effect: 'reversible',
  input: namedInput,
  output: switchedOutput,
  repeatable: true,
  rights: WATCHLIST_RIGHTS,
  perform: writing((input, context) => switchWatchlist(input, true, context)),
  verify: verifying((input, context) => watchlistStanding(input, true, context)),
  undo: { action: 'carbonblack.disable-watchlist', input: ({ name }) => ({ name }) },
  plan: (input, before) => planWatchlist(input, 'enabled', before),
});
