import { describeConnector } from '../../../test/conformance/connector.ts';
import { faulty } from '../../action/faults.ts';
import type { JsonObject } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { silentLog } from '../../base/service.ts';
import { openFeeds } from '../../feeds/feeds.ts';
import type { FeedKeeper, Kept } from '../../feeds/keeper.ts';
import { connector } from './manifest.ts';

const TOKEN = 'of-whoever-changes-feeds';
const PROTECTION = { networks: [] };

// The product is Backline's own feeds; what stands in them is what they have kept.
describeConnector('feeds', connector, () => {
  let now = Date.parse('2026-11-24T09:00:00Z');
  const kept = new Map<string, Kept>();
  const keeper: FeedKeeper = {
    load: async feed => kept.get(feed),
    save: async (feed, state) => void kept.set(feed, state),
  };
  const door = openFeeds({
    feeds: [{ name: 'bad-names', kind: 'domain', most: 10 }],
    keeper,
    protection: () => PROTECTION,
    readers: {},
    url: 'https://backline.example',
    token: new Secret(TOKEN),
    now: () => now,
    log: silentLog,
  });
  const state = (): JsonObject => ({ listed: kept.get('bad-names')?.entries.map(({ value }) => value) ?? [] });
  const input = { list: 'bad-names', domain: 'evil.example' };
  return {
    simulator: {
      ...faulty(async request => (await door)(request, '127.0.0.1')),
      tick: at => void (now = at),
      state,
    },
    settings: url => ({ url, token: new Secret(TOKEN) }),
    secrets: [TOKEN],
    examples: { add: { input }, remove: { input }, check: { input } },
  };
});
