import { defineAction } from '../../../action/action.ts';
import { adding, sameIndicator } from '../indicator-changes.ts';
import type { settings } from '../settings.ts';

export const blockIndicator = defineAction<typeof settings>()({
  ...adding('blacklist'),
  name: 'block-indicator',
  description: 'Puts an address, a domain or a URL on the block list of the realm, for all of its firewalls.',
  undo: { action: 'skyatp.unblock-indicator', input: sameIndicator },
});
