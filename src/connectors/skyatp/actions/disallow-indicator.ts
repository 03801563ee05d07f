import { defineAction } from '../../../action/action.ts';
import { removing, sameIndicator } from '../indicator-changes.ts';
import type { settings } from '../settings.ts';

export const disallowIndicator = defineAction<typeof settings>()({
  ...removing('whitelist'),
  name: 'disallow-indicator',
  description: 'Takes an address, a domain or a URL off the allow list of the realm.',
  undo: { action: 'skyatp.allow-indicator', input: sameIndicator },
});
