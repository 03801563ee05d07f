import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { allowedStanding, isAllowed } from '../allowed-host.ts';
import { BODY_DROPPED } from '../answer.ts';
import { changeHosts } from '../client.ts';
import { hostInput, listedAs, readSurroundings } from '../infected-host.ts';
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
  perform: writing(async ({ ip }, context) => {
    const allowed = await listedAs(context, 'whitelist', ip);
    if (allowed !== undefined) {
      await changeHosts(context, { method: 'DELETE', list: 'whitelist', ip: allowed });
      if (await isAllowed(context, ip)) return BODY_DROPPED;
    }
    const { effective } = await readSurroundings(context, ip);
    const already = allowed === undefined ? ({ already: true } as const) : {};
    return { kind: 'done', ...already, output: { ip, allowed: false, effective } };
  }),
  verify: verifying(({ ip }, context) => allowedStanding(context, ip, 'not allowed')),
  undo: { action: 'skyatp.add-allowed-host', input: ({ ip }) => ({ ip }) },
  plan: (_input, before) => ({
    change: `allowed hosts: ${before?.summary ?? 'unknown'} -> not allowed`,
    notes: before?.notes ?? [],
  }),
});
