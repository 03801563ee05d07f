import { FILE, HOST } from '../products.ts';
import type { Story } from '../stage.ts';

const DELIVERED_FROM = '203.0.113.7';
const SERVER = '198.51.100.23';
const MALWARE = 'TROJAN_Zemot.CY';
const MINUTE = 60_000;

/** Carbon Black with JATP: an infected host is reported, traced on the network, and is found to go on. */
export const traceInfectedHost: Story = {
  name: 'trace-infected-host',
  title: 'Carbon Black and JATP: an infected host is traced on the network, and it goes on',
  async play(stage) {
    const { products, clock, tell } = stage;
    const { carbonblack, collector, jatp } = products;
    const victim = { dst: HOST.address, dstHost: HOST.name.toLowerCase(), name: MALWARE, sha1: SHA1 };
    jatp.detect({ type: 'http', src: DELIVERED_FROM, ...victim, malwareSeverity: 0.5, at: clock.now() - 9 * MINUTE });
    tell('jatp', `has seen ${MALWARE} come to ${HOST.name} from ${DELIVERED_FROM}, nine minutes ago`);
    const alert = carbonblack.raiseAlert({
      sensor: HOST.id,
      id: crypto.randomUUID(),
      // Suspicious, and less than what blocks a host.
      score: 50,
      created: clock.now(),
      watchlist: 'Suspicious behaviour',
      path: FILE.path,
      process: FILE.name,
      md5: FILE.md5,
      username: 'FIN\\mharris',
    });
    tell('carbon black', `raises alert ${alert} on ${HOST.name} (${HOST.address}): ${FILE.name}`, 'bad');
    const run = await stage.follow('trace-infected-host', alert);
    await stage.until('the report to reach the collector of JATP', () =>
      collector.reports.find(report => report.alert === alert),
    );
    jatp.detect({
      type: 'cnc',
      src: SERVER,
      ...victim,
      category: 'Trojan_DataTheft',
      malwareSeverity: 0.75,
      servers: [SERVER],
    });
    tell('jatp', `sees ${HOST.name} speak to its command-and-control server ${SERVER}`, 'bad');
    await stage.ended(run, { status: 'done', verdict: 'ongoing' });
    await stage.told(run, 'Still active');
    await stage.told(run, '[ongoing]');
    carbonblack.setStatus(alert, 'Resolved');
  },
};

const SHA1 = '0a4d55a8d778e5022fab701977c5d840bbc486d0';
