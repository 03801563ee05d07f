import { defineAction } from '../../../action/action.ts';
import { reading, verifying, writing } from '../../../action/http-answer.ts';
import { own } from '../../../base/json.ts';
import type { JsonSchema } from '../../../base/schema.ts';
import { RIGHTS, changeOutput, ipInput } from '../address.ts';
import { TIMEOUT } from '../follow.ts';
import type { settings } from '../settings.ts';
import { throughOf } from '../settings.ts';
import { wayOf } from '../way.ts';

const input = {
  type: 'object',
  properties: { ip: { ...ipInput, description: 'to be let through again' } },
  required: ['ip'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const unblockAddress = defineAction<typeof settings>()({
  name: 'unblock-address',
  description: 'Lets firewalls drop an address no more. Done when they have the change.',
  effect: 'reversible',
  input,
  output: changeOutput,
  timeout: TIMEOUT,
  repeatable: true,
  through: (_, given) => throughOf(given),
  rights: RIGHTS,
  perform: writing(({ ip }, context) => wayOf(context).unblock(ip, context)),
  resume: (token, { ip }, context) =>
    reading(() => wayOf(context).follow(token, { ip, wanted: 'not listed' }, context))({ ip }, context),
  verify: verifying(({ ip }, context) => wayOf(context).standing(ip, 'not listed', context)),
  undo: {
    action: 'srx.block-address',
    // An entry that had an end gets no longer one.
    input({ ip }, _output, before) {
      const until = own(before?.state, 'expires');
      return { ip, ...(until === undefined ? {} : { until }) };
    },
  },
  plan: ({ ip }, before) => ({
    change: `list of the firewalls: ${before?.summary ?? 'unknown'} -> not listed`,
    notes: before?.notes ?? [],
    output: { ip, listed: false, firewalls: [] },
  }),
});
