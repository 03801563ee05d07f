import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { BODY_DROPPED } from '../answer.ts';
import { changeHosts } from '../client.ts';
import { hostInput, hostStanding, isListed, listedAs, readSurroundings } from '../infected-host.ts';
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
  perform: writing(async ({ ip }, context) => {
    const listed = await listedAs(context, 'blacklist', ip);
    const already = listed === undefined;
    if (!already) {
      await changeHosts(context, { method: 'DELETE', list: 'blacklist', ip: listed });
      if (await isListed(context, ip)) return BODY_DROPPED;
    }
    const { effective } = await readSurroundings(context, ip);
    return { kind: 'done', ...(already ? { already } : {}), output: { ip, listed: false, still_effective: effective } };
  }),
  verify: verifying(({ ip }, context) => hostStanding(context, ip, 'not listed')),
  undo: { action: 'skyatp.add-infected-host', input: ({ ip }) => ({ ip }) },
  plan: (_input, before) => ({
    change: `infected hosts: ${before?.summary ?? 'unknown'} -> not listed`,
    notes: before?.notes ?? [],
  }),
});
