import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { checkOutput, ipInput } from '../address.ts';
import type { settings } from '../settings.ts';
import { throughOf } from '../settings.ts';
import { wayOf } from '../way.ts';

export const checkAddress = defineAction<typeof settings>()({
  name: 'check-address',
  description: 'Whether firewalls drop an address, and which of them have that.',
  effect: 'read',
  input: {
    type: 'object',
    properties: { ip: { ...ipInput, description: 'in question' } },
    required: ['ip'],
    additionalProperties: false,
  },
  output: checkOutput,
  repeatable: true,
  through: (_, given) => throughOf(given),
  rights: ['feed: feeds.token', 'netconf, rest: a login class with security and view'],
  perform: reading(async ({ ip }, context) => ({ kind: 'done', output: await wayOf(context).check(ip, context) })),
});
