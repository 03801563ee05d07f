import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { FEED_RIGHTS, feedStateSchema } from '../feed.ts';
import { planSwitch, switchFeed, switchInput, switchStanding } from '../feed-switch.ts';
import type { settings } from '../settings.ts';

export const enableFeed = defineAction<typeof settings>()({
  name: 'enable-feed',
  description: 'Enables a feed: what endpoints send in from now on is matched against it.',
  effect: 'reversible',
  input: switchInput,
  output: feedStateSchema,
  repeatable: true,
  rights: FEED_RIGHTS,
  perform: writing((input, context) => switchFeed(input, true, context)),
  verify: verifying((input, context) => switchStanding(input, true, context)),
  undo: { action: 'carbonblack.disable-feed', input: ({ url }) => ({ url }) },
  plan: (input, before) => planSwitch(input, true, before),
});
