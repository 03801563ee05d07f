import { defineAction } from '../../../action/action.ts';
import { verifying } from '../../../action/http-answer.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Wire } from '../client.ts';
import { puttingOn } from '../host-changes.ts';
import { hostInput, hostStanding, readSurroundings } from '../infected-host.ts';
import type { settings } from '../settings.ts';

const output = {
  type: 'object',
  properties: {
    ip: { type: 'string', format: 'ip' },
    listed: { const: true, type: 'boolean' },
    allowed: { type: 'boolean', description: 'on our allow list, which overrules the entry' },
    effective: { type: 'boolean', description: 'already in the feed that firewalls are given' },
  },
  required: ['ip', 'listed', 'allowed', 'effective'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Output = FromSchema<typeof output>;

export const addInfectedHost = defineAction<typeof settings>()({
  name: 'add-infected-host',
  description: 'Puts a host on our block list of infected hosts; firewalls that use the feed then drop its traffic.',
  effect: 'reversible',
  input: hostInput,
  output,
  repeatable: true,
  rights: ['Open API'],
  ...puttingOn('blacklist', describe),
  verify: verifying(({ ip }, context) => hostStanding(context, ip, 'listed')),
  undo: { action: 'skyatp.remove-infected-host', input: ({ ip }) => ({ ip }) },
  plan: ({ ip }, before) => {
    const allowed = own(before?.state, 'allowed');
    return {
      change: `infected hosts: ${before?.summary ?? 'unknown'} -> listed`,
      notes: before?.notes ?? [],
      ...(typeof allowed === 'boolean' ? { output: { ip, listed: true, allowed, effective: !allowed } } : {}),
    };
  },
});

async function describe(ip: string, wire: Wire): Promise<Output> {
  const { allowed, effective } = await readSurroundings(wire, ip);
  return { ip, listed: true, allowed, effective };
}
