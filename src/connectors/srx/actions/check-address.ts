import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { firewallsOutput, ipInput } from '../address.ts';
import { readEntry } from '../../../action/feed-entry.ts';
import { describeLack, fetchedBy } from '../fetched.ts';
import type { settings } from '../settings.ts';
import { placeOf } from '../settings.ts';

export const checkAddress = defineAction<typeof settings>()({
  name: 'check-address',
  description: 'Whether an address is on the list that firewalls drop, and which of them have fetched that.',
  effect: 'read',
  input: {
    type: 'object',
    properties: { ip: { ...ipInput, description: 'in question' } },
    required: ['ip'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {
      listed: { type: 'boolean' },
      fetched: {
        type: 'boolean',
        description: 'whether the firewalls that must have it have fetched the list as it is for this address',
      },
      firewalls: firewallsOutput,
      expires: { type: 'string', format: 'date-time', description: 'when the list drops it by itself' },
      withheld: { type: 'string', description: 'why it is on the list and not shown' },
      summary: { type: 'string' },
    },
    required: ['listed', 'fetched', 'firewalls', 'summary'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['feeds.token'],
  perform: reading(async ({ ip }, context) => {
    const entry = await readEntry(context, placeOf(context.settings, ip));
    const { listed, since, version, expires, withheld } = entry;
    const fetched = fetchedBy(entry, since ?? version, context.settings);
    const output = {
      listed,
      fetched: fetched.isEnough,
      firewalls: fetched.have,
      ...(expires === undefined ? {} : { expires }),
      ...(withheld === undefined ? {} : { withheld }),
      summary: `${listed ? 'listed' : 'not listed'}, ${fetched.isEnough ? `fetched by ${fetched.have.join(', ')}` : describeLack(fetched)}`,
    };
    return { kind: 'done', output };
  }),
});
