import { endProperties } from '../../action/feed-entry.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';

/* What the actions say of an address, whichever way it goes. */

export const ipInput = {
  type: 'string',
  format: 'ip',
  'x-target': 'ip',
  description: 'to be dropped by the firewalls',
} as const satisfies JsonSchema;

export const firewallsOutput = {
  type: 'array',
  items: { type: 'string' },
  description: 'that have the change: by their addresses, or the host that is configured',
} as const satisfies JsonSchema;

export const blockInput = {
  type: 'object',
  properties: { ip: ipInput, ...endProperties },
  required: ['ip'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type BlockInput = FromSchema<typeof blockInput>;

export const changeOutput = {
  type: 'object',
  properties: {
    ip: { type: 'string', format: 'ip' },
    listed: { type: 'boolean' },
    firewalls: firewallsOutput,
  },
  required: ['ip', 'listed', 'firewalls'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type ChangeOutput = FromSchema<typeof changeOutput>;

export const checkOutput = {
  type: 'object',
  properties: {
    listed: { type: 'boolean' },
    fetched: {
      type: 'boolean',
      description: 'whether the firewalls that must have it have it as it is for this address',
    },
    firewalls: firewallsOutput,
    expires: { type: 'string', format: 'date-time', description: 'when the list drops it by itself' },
    withheld: { type: 'string', description: 'why it is on the list and not shown' },
    summary: { type: 'string' },
  },
  required: ['listed', 'fetched', 'firewalls', 'summary'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type CheckOutput = FromSchema<typeof checkOutput>;

export const RIGHTS = [
  'feed: feeds.token, and on the firewall a feed-server, an address-name and a policy that denies it',
  'netconf, rest: a login class with configure, security-control and view (see the README)',
];

/** What no change of a list or of a set does (vendor). */
export const SESSIONS =
  'sessions that are open go on, unless the firewall is set to look at them again (see the README)';
