import { defineAction } from '../../../action/action.ts';
import { verifying } from '../../../action/http-answer.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { allowedStanding } from '../allowed-host.ts';
import type { Wire } from '../client.ts';
import { puttingOn } from '../host-changes.ts';
import { hostInput, readSurroundings } from '../infected-host.ts';
import type { settings } from '../settings.ts';

const output = {
  type: 'object',
  properties: {
    ip: { type: 'string', format: 'ip' },
    allowed: { const: true, type: 'boolean' },
    effective: { type: 'boolean', description: 'still in the feed that firewalls are given' },
  },
  required: ['ip', 'allowed', 'effective'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Output = FromSchema<typeof output>;

export const addAllowedHost = defineAction<typeof settings>()({
  name: 'add-allowed-host',
  description:
    "Puts a host on our allow list of infected hosts: firewalls are told of it no more, whatever SkyATP's verdict.",
  effect: 'reversible',
  input: hostInput,
  output,
  repeatable: true,
  rights: ['Open API'],
  ...puttingOn('whitelist', describe),
  verify: verifying(({ ip }, context) => allowedStanding(context, ip, 'allowed')),
  undo: { action: 'skyatp.remove-allowed-host', input: ({ ip }) => ({ ip }) },
  plan: ({ ip }, before) => ({
    change: `allowed hosts: ${before?.summary ?? 'unknown'} -> allowed`,
    notes: before?.notes ?? [],
    output: { ip, allowed: true, effective: false },
  }),
});

async function describe(ip: string, wire: Wire): Promise<Output> {
  const { effective } = await readSurroundings(wire, ip);
  return { ip, allowed: true, effective };
}
