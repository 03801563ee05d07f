import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { FEED_RIGHTS, feedStateSchema } from '../feed.ts';
import { planSwitch, switchFeed, switchInput, switchStanding } from '../feed-switch.ts';
import type { settings } from '../settings.ts';

export const disableFeed = defineAction<typeof settings>()({
  name: 'disable-feed',
  description: 'Disables a feed, which stays registered: it hits no more and is not synchronised.',
  effect: 'reversible',
  input: switchInput,
  output: feedStateSchema,
  repeatable: true,
  rights: FEED_RIGHTS,
  perform: writing((input, context) => switchFeed(input, false, context)),
  verify: verifying((input, context) => switchStanding(input, false, context)),
  undo: { action: 'carbonblack.enable-feed', input: ({ url }) => ({ url }) },
  plan: (input, before) => planSwitch(input, false, before),
});
