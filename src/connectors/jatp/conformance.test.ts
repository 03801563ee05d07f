import { describeConnector } from '../../../test/conformance/connector.ts';
import { fileValueOf } from '../../base/file.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const BYTES = Buffer.from('MZ and what follows');
const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';
const SHA1 = 'ad79acbc8aa8b3f6a0e8ff2cbbb09c3ea3dbb0ab';

describeConnector('jatp', connector, () => {
  const simulator = createSimulator({ key: KEY, now: Date.parse('2026-11-24T09:00:00Z') });
  simulator.analysed({ sha1: SHA1, md5: MD5, severity: 0.9, name: 'TROJAN_Zemot.CY' });
  let hosts = 0;
  const detect = (): number =>
    simulator.detect({ type: 'cnc', src: '203.0.113.9', dst: `10.1.1.${26 + hosts++}`, malwareSeverity: 0.5 });
  const incident = String(detect());
  return {
    simulator,
    // Nobody listens, and over UDP nobody would know.
    settings: url => ({ url, key: new Secret(KEY), syslog: 'udp://127.0.0.1:9' }),
    secrets: [KEY],
    examples: {
      'lookup-hash': { input: { sha1: SHA1 } },
      'analyze-file': { input: { file: fileValueOf(BYTES, 'invoice.exe') } },
      'find-incidents': { input: { ip: '10.1.1.26' } },
      'find-events': { input: { ip: '10.1.1.26' } },
      'report-infected-host': { input: { host: 'FIN-WS-042', reason: 'Suspicious behaviour' } },
      'comment-incident': { input: { incident, comment: 'Isolated.', status: 'in_progress', previous: 'new' } },
    },
    files: [{ bytes: BYTES, name: 'invoice.exe' }],
    news: { incidents: () => void detect() },
  };
});
