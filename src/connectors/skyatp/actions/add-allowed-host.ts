import { defineAction } from '../../../action/action.ts';
import { reading, verifying, writing } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { allowedStanding, isAllowed } from '../allowed-host.ts';
import type { Wire } from '../client.ts';
import { changeHosts } from '../client.ts';
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

type Input = FromSchema<typeof hostInput>;
type Output = FromSchema<typeof output>;

const LOOK_AGAIN = 5_000;

export const addAllowedHost = defineAction<typeof settings>()({
  name: 'add-allowed-host',
  description:
    "Puts a host on our allow list of infected hosts: firewalls are told of it no more, whatever SkyATP's verdict.",
  effect: 'reversible',
  input: hostInput,
  output,
  repeatable: true,
  rights: ['Open API'],
  perform: writing(async ({ ip }, context) => {
    if (await isAllowed(context, ip)) return { kind: 'done', already: true, output: await describe(ip, context) };
    await changeHosts(context, { method: 'PATCH', list: 'whitelist', ip });
    return confirm({ ip }, context);
  }),
  resume: (_token, input, context) => reading(confirm)(input, context),
  verify: verifying(({ ip }, context) => allowedStanding(context, ip, 'allowed')),
  undo: { action: 'skyatp.remove-allowed-host', input: ({ ip }) => ({ ip }) },
  plan: ({ ip }, before) => ({
    change: `allowed hosts: ${before?.summary ?? 'unknown'} -> allowed`,
    notes: before?.notes ?? [],
    output: { ip, allowed: true, effective: false },
  }),
});

async function confirm({ ip }: Input, wire: Wire): Promise<Answer<Output>> {
  if (!(await isAllowed(wire, ip))) return { kind: 'pending', token: null, again: LOOK_AGAIN };
  return { kind: 'done', output: await describe(ip, wire) };
}

async function describe(ip: string, wire: Wire): Promise<Output> {
  const { effective } = await readSurroundings(wire, ip);
  return { ip, allowed: true, effective };
}
