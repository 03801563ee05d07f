import { defineAction } from '../../../action/action.ts';
import { verifying } from '../../../action/http-answer.ts';
import { takingOff } from '../host-changes.ts';
import { hostInput, hostStanding, readSurroundings } from '../infected-host.ts';
import type { settings } from '../settings.ts';

export const removeInfectedHost = defineAction<typeof settings>()({
  name: 'remove-infected-host',
  description:
    "Takes a host off our block list of infected hosts. SkyATP's own verdict, if it has one, goes on blocking it.",
  effect: 'reversible',
  input: hostInput,
  output: {
    type: 'object',
    properties: {
      ip: { type: 'string', format: 'ip' },
      listed: { const: false, type: 'boolean' },
      still_effective: { type: 'boolean', description: "still in the feed, by SkyATP's own verdict" },
    },
    required: ['ip', 'listed', 'still_effective'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['Open API'],
  ...takingOff('blacklist', async (ip, wire) => {
    const { effective } = await readSurroundings(wire, ip);
    return { ip, listed: false, still_effective: effective };
  }),
  verify: verifying(({ ip }, context) => hostStanding(context, ip, 'not listed')),
  undo: { action: 'skyatp.add-infected-host', input: ({ ip }) => ({ ip }) },
  plan: (_input, before) => ({
    change: `infected hosts: ${before?.summary ?? 'unknown'} -> not listed`,
    notes: before?.notes ?? [],
  }),
});
