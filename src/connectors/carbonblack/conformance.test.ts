import { describeConnector } from '../../../test/conformance/connector.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';

const TOKEN = 'api-token-of-a-user';
const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';

describeConnector('carbonblack', connector, () => {
  const simulator = createSimulator({ token: TOKEN, now: Date.parse('2026-11-24T09:00:00Z'), lag: { alerts: 12_000 } });
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const alert = simulator.raiseAlert({ sensor });
  const collected = simulator.collect(Buffer.from('MZ and what follows'));
  return {
    simulator,
    settings: url => ({ url, token: new Secret(TOKEN) }),
    secrets: [TOKEN],
    examples: {
      'ban-hash': { input: { md5: MD5 } },
      'find-sensor': { input: { name: 'fin-ws-042' } },
      'isolate-host': { input: { sensor } },
      'lift-ban': { input: { md5: MD5 } },
      'get-binary': { input: { md5: MD5 } },
      'get-file': { input: { md5: collected } },
      'search-processes': { input: { md5: MD5 } },
      'resolve-alert': { input: { alert, status: 'Resolved' } },
      'release-host': { input: { sensor } },
    },
    news: { alerts: () => void simulator.raiseAlert({ sensor }) },
  };
});
