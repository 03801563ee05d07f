import { defineAction } from '../../../action/action.ts';
import { reading, verifying, writing } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Wire } from '../client.ts';
import { changeHosts } from '../client.ts';
import { hostInput, hostStanding, isListed, readSurroundings } from '../infected-host.ts';
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

type Input = FromSchema<typeof hostInput>;
type Output = FromSchema<typeof output>;

const LOOK_AGAIN = 5_000;

export const addInfectedHost = defineAction<typeof settings>()({
  name: 'add-infected-host',
  description: 'Puts a host on our block list of infected hosts; firewalls that use the feed then drop its traffic.',
  effect: 'reversible',
  input: hostInput,
  output,
  repeatable: true,
  rights: ['Open API'],
  perform: writing(async ({ ip }, context) => {
    if (await isListed(context, ip)) return { kind: 'done', already: true, output: await describe(ip, context) };
    await changeHosts(context, { method: 'PATCH', list: 'blacklist', ip });
    return confirm({ ip }, context);
  }),
  resume: (_token, input, context) => reading(confirm)(input, context),
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

// Recordings show an entry in the very next read. Should it take longer, it is asked for until the step's deadline.
async function confirm({ ip }: Input, wire: Wire): Promise<Answer<Output>> {
  if (!(await isListed(wire, ip))) return { kind: 'pending', token: null, again: LOOK_AGAIN };
  return { kind: 'done', output: await describe(ip, wire) };
}

async function describe(ip: string, wire: Wire): Promise<Output> {
  const { allowed, effective } = await readSurroundings(wire, ip);
  return { ip, listed: true, allowed, effective };
}
