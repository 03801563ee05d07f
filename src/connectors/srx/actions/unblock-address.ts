import { defineAction } from '../../../action/action.ts';
import { reading, verifying, writing } from '../../../action/http-answer.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { RIGHTS, addressStanding, firewallsOutput, ipInput } from '../address.ts';
import { deleteEntry, readEntry } from '../../../action/feed-entry.ts';
import { TIMEOUT, beginFollowing, follow, readToken } from '../follow.ts';
import type { settings } from '../settings.ts';
import { placeOf } from '../settings.ts';

const input = {
  type: 'object',
  properties: { ip: { ...ipInput, description: 'to be let through again' } },
  required: ['ip'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    ip: { type: 'string', format: 'ip' },
    listed: { type: 'boolean' },
    firewalls: firewallsOutput,
  },
  required: ['ip', 'listed', 'firewalls'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const unblockAddress = defineAction<typeof settings>()({
  name: 'unblock-address',
  description: 'Takes an address off the list that firewalls drop. Done when they have fetched the list without it.',
  effect: 'reversible',
  input,
  output,
  timeout: TIMEOUT,
  repeatable: true,
  rights: RIGHTS,
  perform: writing(async ({ ip }, context) => {
    const before = await readEntry(context, placeOf(context.settings, ip));
    if (!before.listed && before.withheld === undefined)
      return { kind: 'done', already: true, output: { ip, listed: false, firewalls: [] } };
    const after = await deleteEntry(context, placeOf(context.settings, ip));
    if (after.listed)
      return { kind: 'failed', reason: 'rejected', detail: `the change was taken, but ${ip} is still listed` };
    return follow(after, beginFollowing(context, { version: after.version, already: false }), context, outputFor(ip));
  }),
  resume: (token, { ip }, context) =>
    reading(async () => {
      const entry = await readEntry(context, placeOf(context.settings, ip));
      if (entry.listed)
        return { kind: 'failed', reason: 'conflict', detail: `somebody else has put ${ip} onto the list again` };
      return follow(entry, readToken(token, context.now), context, outputFor(ip));
    })({ ip }, context),
  verify: verifying(({ ip }, context) => addressStanding(context, ip, 'not listed')),
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

function outputFor(ip: string) {
  return (firewalls: readonly string[]): FromSchema<typeof output> => ({ ip, listed: false, firewalls });
}
