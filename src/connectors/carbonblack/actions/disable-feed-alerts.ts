import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { FEED_RIGHTS } from '../feed.ts';
import { alertsInput, alertsOutput, feedAlertsStanding, planFeedAlerts, setFeedAlerts } from '../feed-alerts.ts';
import type { settings } from '../settings.ts';

export const disableFeedAlerts = defineAction<typeof settings>()({
  name: 'disable-feed-alerts',
  description: 'Has a feed raise no alert when it hits: the hit is only a tag.',
  effect: 'reversible',
  input: alertsInput,
  output: alertsOutput,
  repeatable: true,
  rights: FEED_RIGHTS,
  perform: writing((input, context) => setFeedAlerts(input, false, context)),
  verify: verifying((input, context) => feedAlertsStanding(input, false, context)),
  undo: { action: 'carbonblack.enable-feed-alerts', input: ({ url }) => ({ url }) },
  plan: (input, before) => planFeedAlerts(input, false, before),
});
