import { defineAction } from '../../../action/action.ts';
import { reading, verifying, writing } from '../../../action/http-answer.ts';
import { formatInstant } from '../../../base/clock.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { RIGHTS, SESSIONS, addressStanding, firewallsOutput, ipInput } from '../address.ts';
import { endOf, endProperties, lastsUntil, putEntry, readEntry } from '../../../action/feed-entry.ts';
import { TIMEOUT, beginFollowing, follow, readToken } from '../follow.ts';
import type { settings } from '../settings.ts';
import { placeOf } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    ip: ipInput,
    ...endProperties,
  },
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

export const blockAddress = defineAction<typeof settings>()({
  name: 'block-address',
  description: 'Puts an address on the list that firewalls drop. Done when they have fetched it.',
  effect: 'reversible',
  input,
  output,
  timeout: TIMEOUT,
  repeatable: true,
  rights: RIGHTS,
  perform: writing(async (asked, context) => {
    const { ip } = asked;
    const before = await readEntry(context, placeOf(context.settings, ip));
    const wanted = endOf(asked, context.now);
    if (lastsUntil(before, wanted)) {
      const followed = beginFollowing(context, { version: before.since ?? before.version, already: true });
      return follow(before, followed, context, outputFor(ip));
    }
    const expires = wanted === undefined ? undefined : formatInstant(wanted);
    const after = await putEntry(context, placeOf(context.settings, ip), { expires, note: context.key });
    if (!after.listed)
      return {
        kind: 'failed',
        reason: 'rejected',
        detail: `the change was taken, but ${ip} is not listed: ${after.withheld ?? 'it is over'}`,
      };
    return follow(after, beginFollowing(context, { version: after.version, already: false }), context, outputFor(ip));
  }),
  resume: (token, { ip }, context) =>
    reading(async () => {
      const entry = await readEntry(context, placeOf(context.settings, ip));
      if (!entry.listed)
        return { kind: 'failed', reason: 'conflict', detail: `somebody else has taken ${ip} off the list` };
      return follow(entry, readToken(token, context.now), context, outputFor(ip));
    })({ ip }, context),
  verify: verifying(({ ip }, context) => addressStanding(context, ip, 'listed')),
  undo: { action: 'srx.unblock-address', input: ({ ip }) => ({ ip }) },
  plan: ({ ip }, before) => ({
    change: `list of the firewalls: ${before?.summary ?? 'unknown'} -> listed`,
    notes: [...(before?.notes ?? []), SESSIONS],
    output: { ip, listed: true, firewalls: [] },
  }),
});

function outputFor(ip: string) {
  return (firewalls: readonly string[]): FromSchema<typeof output> => ({ ip, listed: true, firewalls });
}
