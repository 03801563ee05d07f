import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { FEED_RIGHTS } from '../feed.ts';
import { alertsInput, alertsOutput, feedAlertsStanding, planFeedAlerts, setFeedAlerts } from '../feed-alerts.ts';
import type { settings } from '../settings.ts';

export const enableFeedAlerts = defineAction<typeof settings>()({
  name: 'enable-feed-alerts',
  description: 'Has a feed raise an alert when it hits, for the source alerts. Without, a hit is only a tag.',
  effect: 'reversible',
  input: alertsInput,
  output: alertsOutput,
  repeatable: true,
  rights: FEED_RIGHTS,
  perform: writing((input, context) => setFeedAlerts(input, true, context)),
  verify: verifying((input, context) => feedAlertsStanding(input, true, context)),
  undo: { action: 'carbonblack.disable-feed-alerts', input: ({ url }) => ({ url }) },
  plan: (input, before) => planFeedAlerts(input, true, before),
});
