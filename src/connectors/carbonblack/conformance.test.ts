import { afterAll, beforeAll } from 'vitest';
import { describeConnector } from '../../../test/conformance/connector.ts';
import type { ServedFeed } from '../../../test/kit/cb-feed.ts';
import { serveFeed } from '../../../test/kit/cb-feed.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';

const TOKEN = 'api-token-of-a-user';
const PATH = 'c:\\users\\mharris\\invoice.docm';
const MD5 = 'b7f884c1b74a263f746ee12a5f7c9f6a';

/** The simulator fetches feeds, so there must be one. */
let feed: ServedFeed;
beforeAll(async () => {
  feed = await serveFeed();
});
afterAll(() => feed.close());

describeConnector('carbonblack', connector, () => {
  const simulator = createSimulator({ token: TOKEN, now: Date.parse('2026-11-24T09:00:00Z'), lag: { alerts: 12_000 } });
  const sensor = simulator.addSensor({ name: 'FIN-WS-042', addresses: ['192.168.1.163'] });
  const alert = simulator.raiseAlert({ sensor });
  const collected = simulator.collect(Buffer.from('MZ and what follows'));
  const guid = simulator.addProcess({ sensor, path: 'c:\\temp\\beacon.exe', md5: MD5 });
  simulator.putFile(sensor, PATH, Buffer.from('of a host'));
  const { url } = feed;
  const other = `${url}?other`;
  simulator.putFeed({ url: other, name: 'other' });
  const watchlist = { name: 'PsExec', query: 'process_name:psexec.exe' };
  simulator.putWatchlist({ name: 'Office children', search: 'cb.urlver=1&q=parent_name%3Awinword.exe' });
  return {
    simulator,
    settings: at => ({ url: at, token: new Secret(TOKEN) }),
    secrets: [TOKEN],
    examples: {
      'ban-hash': { input: { md5: MD5 } },
      'find-sensor': { input: { name: 'fin-ws-042' } },
      'isolate-host': { input: { sensor } },
      'lift-ban': { input: { md5: MD5 } },
      'list-bans': { input: {} },
      'get-binary': { input: { md5: MD5 } },
      'get-file': { input: { md5: collected } },
      'search-processes': { input: { md5: MD5 } },
      'resolve-alert': { input: { alert, status: 'Resolved' } },
      'release-host': { input: { sensor } },
      'kill-process': { input: { sensor, guid } },
      'collect-file': { input: { sensor, path: PATH } },
      'list-feeds': { input: {} },
      'get-feed-report': { input: { url: other, report: 'backline-c2' } },
      'register-feed': { input: { url } },
      'delete-feed': { input: { url } },
      'enable-feed': { input: { url: other } },
      'disable-feed': { input: { url: other } },
      'enable-feed-alerts': { input: { url: other } },
      'disable-feed-alerts': { input: { url: other } },
      'list-watchlists': { input: {} },
      'create-watchlist': { input: watchlist },
      'delete-watchlist': { input: watchlist },
      'enable-watchlist': { input: { name: 'Office children' } },
      'disable-watchlist': { input: { name: 'Office children' } },
      'enable-watchlist-alerts': { input: { name: 'Office children' } },
      'disable-watchlist-alerts': { input: { name: 'Office children' } },
      'synchronise-feed': { input: { url: other } },
    },
    news: { alerts: () => void simulator.raiseAlert({ sensor }) },
  };
});
