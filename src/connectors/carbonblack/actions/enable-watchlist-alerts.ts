import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { settings } from '../settings.ts';
import { WATCHLIST_RIGHTS } from '../watchlist.ts';
import {
  alertingOutput,
  namedInput,
  planWatchlist,
  setWatchlistAlerts,
  watchlistAlertsStanding,
} from '../watchlist-switch.ts';

export const enableWatchlistAlerts = defineAction<typeof settings>()({
  name: 'enable-watchlist-alerts',
  description: 'Has a watchlist raise an alert when it hits, for the source alerts. Without, a hit is only a tag.',
  effect: 'reversible',
  input: namedInput,
  output: alertingOutput,
  repeatable: true,
  rights: WATCHLIST_RIGHTS,
  perform: writing((input, context) => setWatchlistAlerts(input, true, context)),
  verify: verifying((input, context) => watchlistAlertsStanding(input, true, context)),
  undo: { action: 'carbonblack.disable-watchlist-alerts', input: ({ name }) => ({ name }) },
  plan: (input, before) => planWatchlist(input, 'with alerts', before),
});
