import type { Place } from '../../action/feed-entry.ts';
import type { Milliseconds } from '../../base/duration.ts';
import { parseDuration } from '../../base/duration.ts';
import { parseNetwork } from '../../base/network.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';

export const settings = {
  type: 'object',
  properties: {
    feeds: {
      type: 'string',
      minLength: 1,
      description: "where Backline's feeds are served, for example http://127.0.0.1:7410",
    },
    ca: { type: 'string', description: 'PEM of the authorities to trust, where the feeds are served over TLS' },
    token: { type: 'string', minLength: 1, 'x-secret': true, description: 'feeds.token of the configuration' },
    list: { type: 'string', minLength: 1, description: 'the list of addresses that the firewalls drop' },
    firewalls: {
      type: 'array',
      items: { type: 'string' },
      minItems: 1,
      description:
        'addresses of the firewalls that must have fetched a change; if not given, any reader of the list is enough',
    },
    interval: { type: 'string', format: 'duration', description: 'update-interval of the firewalls; 5m, as theirs is' },
  },
  required: ['feeds', 'token', 'list'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;

/** Throws where an address or the list's name makes no sense. */
export function checkSettings({ list, firewalls = [] }: Settings): void {
  if (!/^[a-z][a-z0-9-]*$/.test(list)) throw new Error(`list: ${JSON.stringify(list)} is no name of a list`);
  for (const text of firewalls)
    if (parseNetwork(text) === undefined || text.includes('/'))
      throw new Error(`firewalls: ${JSON.stringify(text)} is no address`);
}

export function intervalOf({ interval = '5m' }: Settings): Milliseconds {
  return parseDuration(interval) ?? 0;
}

/** Where an address stands. */
export function placeOf({ list }: Settings, ip: string): Place {
  return { list, value: ip };
}
