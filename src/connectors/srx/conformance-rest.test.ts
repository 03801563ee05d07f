import { describeConnector } from '../../../test/conformance/connector.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { CONFIGURATION } from './simulator-configuration.ts';
import { createJunos } from './simulator-junos.ts';
import { createRest } from './simulator-rest.ts';

const PASSWORD = 'a-password-of-the-firewall';
const address = { input: { ip: '203.0.113.9' } };

describeConnector(
  'srx, by REST',
  connector,
  () => {
    const junos = createJunos({ now: Date.parse('2026-11-24T09:00:00Z'), configuration: CONFIGURATION });
    const rest = createRest(junos, { user: 'backline', password: PASSWORD });
    return {
      simulator: {
        fetch: rest.fetch,
        tick: at => junos.tick(at),
        state: () => junos.state(),
        heal: () => rest.heal(),
      },
      inject(fault, at, times) {
        rest.fault({ fault, at: at === 'write' ? 'commit' : at, ...(times === undefined ? {} : { times }) });
      },
      settings: url => ({
        way: 'rest',
        url,
        user: 'backline',
        password: new Secret(PASSWORD),
        address_set: 'blocked',
      }),
      secrets: [PASSWORD, btoa(`backline:${PASSWORD}`)],
      examples: { 'block-address': address, 'unblock-address': address, 'check-address': address },
    };
  },
  { takesBack: true },
);
