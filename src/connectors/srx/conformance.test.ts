import { describeConnector } from '../../../test/conformance/connector.ts';
import { faulty } from '../../action/faults.ts';
import { Secret } from '../../base/secret.ts';
import { silentLog } from '../../base/service.ts';
import { openFeeds } from '../../feeds/feeds.ts';
import { memoryKeeper } from '../../feeds/keeper.ts';
import { connector } from './manifest.ts';
import { createSrx } from './simulator.ts';

const TOKEN = 'of-whoever-changes-feeds';
const IP = '203.0.113.9';

// The product is Backline's own feeds, and a firewall that fetches them.
describeConnector('srx', connector, () => {
  let now = Date.parse('2026-11-24T09:00:00Z');
  const feeds = openFeeds({
    feeds: [{ name: 'blocked', kind: 'ip', most: 10 }],
    keeper: memoryKeeper(),
    protection: () => PROTECTION,
    readers: {},
    url: 'https://backline.example',
    token: new Secret(TOKEN),
    now: () => now,
    log: silentLog,
  });
  const srx = createSrx({
    fetch: async request => (await feeds)(request, '10.9.9.1'),
    url: 'http://feeds.example/srx.tgz',
    bundle: 'feeds/blocked',
    interval: 30_000,
  });
  const simulator = {
    ...faulty(async request => (await feeds)(request, '127.0.0.1')),
    tick(at: number) {
      now = at;
      srx.tick(at);
    },
    state: () => srx.state(),
  };
  const address = { input: { ip: IP } };
  return {
    simulator,
    settings: url => ({
      feeds: url,
      token: new Secret(TOKEN),
      list: 'blocked',
      firewalls: ['10.9.9.1'],
      interval: '30s',
    }),
    secrets: [TOKEN],
    examples: { 'block-address': address, 'unblock-address': address, 'check-address': address },
  };
});

const PROTECTION = { networks: [] };
