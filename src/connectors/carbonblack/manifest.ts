import { defineConnector } from '../../action/connector.ts';
import { banHash } from './actions/ban-hash.ts';
import { findSensor } from './actions/find-sensor.ts';
import { getBinary } from './actions/get-binary.ts';
import { getFile } from './actions/get-file.ts';
import { isolateHost } from './actions/isolate-host.ts';
import { liftBan } from './actions/lift-ban.ts';
import { releaseHost } from './actions/release-host.ts';
import { resolveAlert } from './actions/resolve-alert.ts';
import { searchProcesses } from './actions/search-processes.ts';
import { bus, forwarder } from './bus.ts';
import { feedHitType, fileStoredType, watchlistHitType } from './bus-events.ts';
import { alertStatusType, alertType } from './events.ts';
import { pollSettings, settings } from './settings.ts';
import { alerts } from './source.ts';

/** VMware Carbon Black EDR, formerly Cb Response, through its REST API, its message bus and its event forwarder. */
export const connector = defineConnector({
  name: 'carbonblack',
  title: 'Carbon Black EDR (Cb Response)',
  description: 'Alerts of endpoints, what ran on them, and the means to isolate hosts and to ban programs.',
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
  actions: [findSensor, getBinary, getFile, searchProcesses, isolateHost, releaseHost, banHash, liftBan, resolveAlert],
  sources: [alerts],
});
