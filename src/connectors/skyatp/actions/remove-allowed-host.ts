import { defineAction } from '../../../action/action.ts';
import { verifying } from '../../../action/http-answer.ts';
import { allowedStanding } from '../allowed-host.ts';
import { takingOff } from '../host-changes.ts';
import { hostInput, readSurroundings } from '../infected-host.ts';
import type { settings } from '../settings.ts';

export const removeAllowedHost = defineAction<typeof settings>()({
  name: 'remove-allowed-host',
  description: "Takes a host off our allow list of infected hosts: SkyATP's verdict and our block list count again.",
  effect: 'reversible',
  input: hostInput,
  output: {
    type: 'object',
    properties: {
      ip: { type: 'string', format: 'ip' },
      allowed: { const: false, type: 'boolean' },
      effective: { type: 'boolean', description: 'in the feed that firewalls are given' },
    },
    required: ['ip', 'allowed', 'effective'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['Open API'],
  ...takingOff('whitelist', async (ip, wire) => {
    const { effective } = await readSurroundings(wire, ip);
    return { ip, allowed: false, effective };
  }),
  verify: verifying(({ ip }, context) => allowedStanding(context, ip, 'not allowed')),
  undo: { action: 'skyatp.add-allowed-host', input: ({ ip }) => ({ ip }) },
  plan: (_input, before) => ({
    change: `allowed hosts: ${before?.summary ?? 'unknown'} -> not allowed`,
    notes: before?.notes ?? [],
  }),
});
