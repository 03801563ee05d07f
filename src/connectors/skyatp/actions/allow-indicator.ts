import { defineAction } from '../../../action/action.ts';
import { adding, sameIndicator } from '../indicator-changes.ts';
import type { settings } from '../settings.ts';

export const allowIndicator = defineAction<typeof settings>()({
  ...adding('whitelist'),
  name: 'allow-indicator',
  description: 'Puts an address, a domain or a URL on the allow list of the realm: its firewalls let it pass.',
  undo: { action: 'skyatp.disallow-indicator', input: sameIndicator },
});
