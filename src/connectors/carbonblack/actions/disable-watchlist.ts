import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { settings } from '../settings.ts';
import { WATCHLIST_RIGHTS } from '../watchlist.ts';
import { namedInput, planWatchlist, switchWatchlist, switchedOutput, watchlistStanding } from '../watchlist-switch.ts';

export const disableWatchlist = defineAction<typeof settings>()({
  name: 'disable-watchlist',
  description: 'Disables a watchlist, which stays, with what it has hit.',
  effect: 'reversible',
  input: namedInput,
  output: switchedOutput,
  repeatable: true,
  rights: WATCHLIST_RIGHTS,
  perform: writing((input, context) => switchWatchlist(input, false, context)),
  verify: verifying((input, context) => watchlistStanding(input, false, context)),
  undo: { action: 'carbonblack.enable-watchlist', input: ({ name }) => ({ name }) },
  plan: (input, before) => planWatchlist(input, 'disabled', before),
});
