import { defineConnector } from '../../action/connector.ts';
import { banHash } from './actions/ban-hash.ts';
import { collectFile } from './actions/collect-file.ts';
import { createWatchlist } from './actions/create-watchlist.ts';
import { deleteFeed } from './actions/delete-feed.ts';
import { deleteWatchlist } from './actions/delete-watchlist.ts';
import { disableFeedAlerts } from './actions/disable-feed-alerts.ts';
import { disableFeed } from './actions/disable-feed.ts';
import { disableWatchlistAlerts } from './actions/disable-watchlist-alerts.ts';
import { disableWatchlist } from './actions/disable-watchlist.ts';
import { enableFeedAlerts } from './actions/enable-feed-alerts.ts';
import { enableFeed } from './actions/enable-feed.ts';
import { enableWatchlistAlerts } from './actions/enable-watchlist-alerts.ts';
import { enableWatchlist } from './actions/enable-watchlist.ts';
import { findSensor } from './actions/find-sensor.ts';
import { getBinary } from './actions/get-binary.ts';
import { getFeedReport } from './actions/get-feed-report.ts';
import { getFile } from './actions/get-file.ts';
import { isolateHost } from './actions/isolate-host.ts';
import { killProcess } from './actions/kill-process.ts';
import { liftBan } from './actions/lift-ban.ts';
import { listBans } from './actions/list-bans.ts';
import { listFeeds } from './actions/list-feeds.ts';
import { listWatchlists } from './actions/list-watchlists.ts';
import { registerFeed } from './actions/register-feed.ts';
import { releaseHost } from './actions/release-host.ts';
import { resolveAlert } from './actions/resolve-alert.ts';
import { searchProcesses } from './actions/search-processes.ts';
import { synchroniseFeed } from './actions/synchronise-feed.ts';
import { bus, forwarder } from './bus.ts';
import { feedHitType, fileStoredType, watchlistHitType } from './bus-events.ts';
import { alertStatusType, alertType } from './events.ts';
import { pollSettings, settings } from './settings.ts';
import { probe } from './probe.ts';
import { alerts } from './source.ts';

/** VMware Carbon Black EDR, formerly Cb Response, through its REST API, its message bus and its event forwarder. */
export const connector = defineConnector({
  name: 'carbonblack',
  title: 'Carbon Black EDR (Cb Response)',
  description:
    'Alerts of endpoints, what ran on them, and the means to isolate hosts, to end processes, to ban programs and to hunt by feeds.',
  settings,
  endpoints: given => {
    pollSettings(given);
    const { url, token, ca, pinned } = given;
    return {
      default: {
        url,
        headers: { 'X-Auth-Token': token },
        ...(ca === undefined ? {} : { ca }),
        ...(pinned === undefined ? {} : { pinned }),
      },
    };
  },
  events: [alertType, alertStatusType, watchlistHitType, feedHitType, fileStoredType],
  readers: [forwarder, bus],
  probe,
  actions: [
    findSensor,
    getBinary,
    getFile,
    searchProcesses,
    isolateHost,
    releaseHost,
    banHash,
    liftBan,
    listBans,
    resolveAlert,
    killProcess,
    collectFile,
    listFeeds,
    getFeedReport,
    registerFeed,
    deleteFeed,
    enableFeed,
    disableFeed,
    enableFeedAlerts,
    disableFeedAlerts,
    synchroniseFeed,
    listWatchlists,
    createWatchlist,
    deleteWatchlist,
    enableWatchlist,
    disableWatchlist,
    enableWatchlistAlerts,
    disableWatchlistAlerts,
  ],
  sources: [alerts],
});
