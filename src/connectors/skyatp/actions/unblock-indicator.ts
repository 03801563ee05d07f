import { defineAction } from '../../../action/action.ts';
import { removing, sameIndicator } from '../indicator-changes.ts';
import type { settings } from '../settings.ts';

export const unblockIndicator = defineAction<typeof settings>()({
  ...removing('blacklist'),
  name: 'unblock-indicator',
  description: 'Takes an address, a domain or a URL off the block list of the realm.',
  undo: { action: 'skyatp.block-indicator', input: sameIndicator },
});
