import { defineAction } from '../../../action/action.ts';
import { reading, verifying, writing } from '../../../action/http-answer.ts';
import { RIGHTS, SESSIONS, blockInput, changeOutput } from '../address.ts';
import { TIMEOUT } from '../follow.ts';
import type { settings } from '../settings.ts';
import { throughOf } from '../settings.ts';
import { wayOf } from '../way.ts';

export const blockAddress = defineAction<typeof settings>()({
  name: 'block-address',
  description: 'Lets firewalls drop an address. Done when they have the change.',
  effect: 'reversible',
  input: blockInput,
  output: changeOutput,
  timeout: TIMEOUT,
  repeatable: true,
  through: (_, given) => throughOf(given),
  rights: RIGHTS,
  perform: writing((asked, context) => wayOf(context).block(asked, context)),
  resume: (token, { ip }, context) =>
    reading(() => wayOf(context).follow(token, { ip, wanted: 'listed' }, context))({ ip }, context),
  verify: verifying(({ ip }, context) => wayOf(context).standing(ip, 'listed', context)),
  undo: { action: 'srx.unblock-address', input: ({ ip }) => ({ ip }) },
  plan: ({ ip }, before) => ({
    change: `list of the firewalls: ${before?.summary ?? 'unknown'} -> listed`,
    notes: [...(before?.notes ?? []), SESSIONS],
    output: { ip, listed: true, firewalls: [] },
  }),
});
