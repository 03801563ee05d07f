import type { Standing } from '../../action/outcome.ts';
import type { Wire } from './client.ts';
import { readHost } from './infected-host.ts';

/** Whether the allow list of infected hosts holds the address, for `verify`, and what else a person should know. */
export async function allowedStanding(wire: Wire, ip: string, wanted: 'allowed' | 'not allowed'): Promise<Standing> {
  const { listed, allowed, effective } = await readHost(wire, ip);
  const summary = allowed ? 'allowed' : 'not allowed';
  return {
    stands: summary === wanted,
    summary,
    notes: [
      ...(listed ? ['our block list holds this address; the allow list overrules it'] : []),
      ...(effective ? ['firewalls are told to block it'] : []),
    ],
    state: { listed, allowed, effective },
  };
}
