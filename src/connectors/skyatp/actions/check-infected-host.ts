import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { HostState } from '../infected-host.ts';
import { hostInput, readHost } from '../infected-host.ts';
import type { settings } from '../settings.ts';

export const checkInfectedHost = defineAction<typeof settings>()({
  name: 'check-infected-host',
  description: 'Whether a host is on our block or allow list, and whether firewalls are told to block it.',
  effect: 'read',
  input: hostInput,
  output: {
    type: 'object',
    properties: {
      listed: { type: 'boolean', description: 'on our block list' },
      effective: { type: 'boolean', description: 'in the feed that firewalls are given' },
      level: { type: 'integer', description: 'threat level in the feed' },
      allowed: { type: 'boolean', description: 'on our allow list' },
      summary: { type: 'string' },
    },
    required: ['listed', 'effective', 'allowed', 'summary'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['Open API'],
  perform: reading(async ({ ip }, context) => {
    const host = await readHost(context, ip);
    return { kind: 'done', output: { ...host, summary: summarise(host) } };
  }),
});

function summarise({ listed, allowed, effective, level }: HostState): string {
  const ours = listed ? 'on our block list' : 'not on our block list';
  const free = allowed ? ', on our allow list' : '';
  const fate = effective ? `, blocked${level === undefined ? '' : ` at level ${level}`}` : ', not blocked';
  return ours + free + fate;
}
