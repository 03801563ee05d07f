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

export const disableWatchlistAlerts = defineAction<typeof settings>()({
  name: 'disable-watchlist-alerts',
  description: 'Has a watchlist raise no alert when it hits: the hit is only a tag.',
  effect: 'reversible',
  input: namedInput,
  output: alertingOutput,
  repeatable: true,
  rights: WATCHLIST_RIGHTS,
  perform: writing((input, context) => setWatchlistAlerts(input, false, context)),
  verify: verifying((input, context) => watchlistAlertsStanding(input, false, context)),
  undo: { action: 'carbonblack.enable-watchlist-alerts', input: ({ name }) => ({ name }) },
  plan: (input, before) => planWatchlist(input, 'without alerts', before),
});
