import { describeConnector } from '../../../test/conformance/connector.ts';
import { fileValueOf } from '../../base/file.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';

const TOKEN = 'application-token-1';
const BYTES = Buffer.from('MZ and what follows');
const FEED = 'cc/domain/Backline_C2';
const SHA256 = '470dfc18e05c01ebd66fb8b320ff7e6e76d8017feb530fb23b981982c737b490';

describeConnector('skyatp', connector, () => {
  const simulator = createSimulator({ token: TOKEN });
  simulator.file(SHA256, { sha256: SHA256, score: 10, threat_level: 'high', scan_complete: true });
  simulator.entries('blacklist', 'ip').add('203.0.113.9');
  simulator.createFeed(FEED);
  let hosts = 0;
  const host = { input: { ip: '10.0.3.171' } };
  return {
    simulator,
    settings: url => ({ url, token: new Secret(TOKEN), feeds_url: url, feeds: [FEED] }),
    secrets: [TOKEN],
    examples: {
      'lookup-hash': { input: { sha256: SHA256 } },
      'submit-sample': { input: { file: fileValueOf(BYTES, 'invoice.exe') } },
      'check-infected-host': host,
      'add-infected-host': host,
      'remove-infected-host': host,
      'add-allowed-host': host,
      'remove-allowed-host': host,
      'list-infected-hosts': { input: {} },
      'check-indicator': { input: { ip: '203.0.113.9' } },
      'block-indicator': { input: { domain: 'evil.example' } },
      'unblock-indicator': { input: { ip: '203.0.113.9' } },
      'allow-indicator': { input: { url: 'https://good.example/a' } },
      'disallow-indicator': { input: { url: 'https://good.example/a' } },
      'add-to-feed': { input: { feed: 'Backline_C2', domain: 'evil.example', level: 10 } },
      'remove-from-feed': { input: { feed: 'Backline_C2', domain: 'evil.example' } },
      'list-indicators': { input: { list: 'block' } },
    },
    files: [{ bytes: BYTES, name: 'invoice.exe' }],
    news: { 'infected-hosts': () => simulator.cloudVerdict(`10.0.3.${++hosts}`, 8) },
  };
});
