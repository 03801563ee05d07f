import type { Meeting } from '../../../test/conformance/connector.ts';
import { describeConnector } from '../../../test/conformance/connector.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { CONFIGURATION } from './simulator-configuration.ts';
import type { JunosFault } from './simulator-faults.ts';
import { junosFaults } from './simulator-faults.ts';
import { createJunos } from './simulator-junos.ts';
import { serveNetconf } from './simulator-netconf.ts';

const PASSWORD = 'a-password-of-the-firewall';
const START = Date.parse('2026-11-24T09:00:00Z');
const address = { input: { ip: '203.0.113.9' } };

const FAULTS: readonly Meeting<JunosFault>[] = [
  { fault: { kind: 'refuse-login' }, kind: 'failed', reason: 'auth', inDoubt: false },
  {
    fault: { kind: 'rpc-error', tag: 'access-denied', message: 'not yours' },
    kind: 'failed',
    reason: 'auth',
    inDoubt: false,
  },
  { fault: { kind: 'rpc-error', message: 'permission denied' }, kind: 'failed', reason: 'auth', inDoubt: false },
  {
    fault: { kind: 'rpc-error', tag: 'operation-failed', message: 'configuration check-out failed' },
    kind: 'failed',
    reason: 'rejected',
    inDoubt: false,
  },
  {
    fault: { kind: 'rpc-error', tag: 'lock-denied', message: 'in use' },
    kind: 'retry',
    reason: 'unavailable',
    after: 15_000,
    inDoubt: false,
  },
  {
    fault: { kind: 'rpc-error', message: 'configuration database locked by: ann terminal p0 (pid 7)' },
    kind: 'retry',
    reason: 'unavailable',
    after: 15_000,
    inDoubt: false,
  },
  { fault: { kind: 'silence' }, kind: 'retry', reason: 'timeout', inDoubt: true },
  { fault: { kind: 'cut' }, kind: 'retry', reason: 'unreachable', inDoubt: true },
  { fault: { kind: 'cut-reply' }, kind: 'retry', reason: 'unreachable', inDoubt: true },
  { fault: { kind: 'lost-answer' }, kind: 'retry', reason: 'unreachable', inDoubt: true },
  { fault: { kind: 'not-xml' }, kind: 'retry', reason: 'malformed-answer', inDoubt: true },
  { fault: { kind: 'broken-xml' }, kind: 'retry', reason: 'malformed-answer', inDoubt: true },
];

describeConnector<JunosFault>(
  'srx, by NETCONF',
  connector,
  () => {
    const junos = createJunos({ now: START, configuration: CONFIGURATION });
    const faults = junosFaults();
    let fingerprint = '';
    return {
      simulator: { tick: at => junos.tick(at), state: () => junos.state(), heal: () => faults.heal() },
      async serve(seen) {
        const server = await serveNetconf(junos, { user: 'backline', password: PASSWORD, faults, seen });
        ({ fingerprint } = server);
        return { url: String(server.port), close: () => server.close() };
      },
      inject(fault, at, times) {
        const isDenied = fault.kind === 'status';
        faults.fault(
          isDenied ? { kind: 'rpc-error', tag: 'access-denied', message: fault.body ?? '' } : (fault as JunosFault),
          at === 'write' ? 'commit' : at,
          times,
        );
      },
      settings: port => ({
        way: 'netconf',
        host: '127.0.0.1',
        port: Number(port),
        user: 'backline',
        password: new Secret(PASSWORD),
        host_keys: [fingerprint],
        address_set: 'blocked',
      }),
      secrets: [PASSWORD],
      examples: { 'block-address': address, 'unblock-address': address, 'check-address': address },
    };
  },
  { faults: FAULTS, takesBack: true },
);
