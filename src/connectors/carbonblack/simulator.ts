import { Hono } from 'hono';
import type { Simulator } from '../../action/connector.ts';
import type { FaultSpec } from '../../action/faults.ts';
import { faulty } from '../../action/faults.ts';
import type { Instant } from '../../base/clock.ts';
import type { JsonObject } from '../../base/json.ts';
import type { NewAlert } from './simulator-alerts.ts';
import type { AlertControls } from './simulator-alert-list.ts';
import { openAlerts } from './simulator-alert-list.ts';
import type { BanControls } from './simulator-bans.ts';
import { openBans } from './simulator-bans.ts';
import type { CollectedControls } from './simulator-collected.ts';
import { openCollected } from './simulator-collected.ts';
import type { FeedControls } from './simulator-feeds.ts';
import { openFeeds } from './simulator-feeds.ts';
import type { FileControls } from './simulator-files.ts';
import { openFiles } from './simulator-files.ts';
import type { LiveControls } from './simulator-live.ts';
import { openLive } from './simulator-live.ts';
import type { WatchlistControls } from './simulator-watchlists.ts';
import { openWatchlists } from './simulator-watchlists.ts';
import type { FleetControls, FleetOptions } from './simulator-fleet.ts';
import { openFleet } from './simulator-fleet.ts';
import { HEADERS } from './simulator-site.ts';

export interface CarbonBlackOptions extends FleetOptions {
  /** The one valid API token. */
  readonly token: string;
  readonly now: Instant;
  /** How a hash that was never banned is answered; it depends on the version. */
  readonly neverBanned?: 404 | 409;
  /** Makes the ids of alerts that feeds raise; they are counted if not given. */
  readonly alertId?: () => string;
  /** The server's own switch for bans. */
  readonly banning?: boolean;
  /** The server's own switch for Live Response, which is off in a server as it comes. */
  readonly live?: boolean;
  /** Milliseconds until a search shows a change: of an alert's status, and that a process ran. At once if not given. */
  readonly lag?: { readonly alerts?: number; readonly processes?: number };
}

export interface CarbonBlackControls
  extends
    FleetControls,
    AlertControls,
    BanControls,
    FeedControls,
    FileControls,
    CollectedControls,
    LiveControls,
    WatchlistControls {
  fault(spec: FaultSpec): void;
  heal(): void;
}

/** Carbon Black EDR as far as the connector uses it, with a token in a header. Each kind of thing has a file of its own. */
export function createSimulator(options: CarbonBlackOptions): Simulator & CarbonBlackControls {
  const { token, neverBanned = 404, banning = true, alertId, live = true, lag = {} } = options;
  let { now } = options;

  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.header('x-auth-token') !== token) return c.text('Unauthorized', 401);
    return next();
  });
  app.get('/api/info', c =>
    c.json(
      { version: '6.2.0.171114.1158', version_release: '6.2.0-1', banningEnabled: banning, cblrEnabled: live },
      200,
      HEADERS,
    ),
  );
  const site = { app, now: () => now };
  const fleet = openFleet(site, options);
  const alerts = openAlerts(site, fleet, lag.alerts ?? 0);
  const bans = openBans(site, neverBanned);
  const collected = openCollected(site);
  const { putFeed, ...feeds } = openFeeds(site);
  const { scan, search, running, end, ...files } = openFiles(site, fleet, {
    lag: lag.processes ?? 0,
    hitsOn: feeds.hitsOn,
    raise: (hit, row) =>
      void alerts.raiseAlert({
        ...(alertId === undefined ? {} : { id: alertId() }),
        ...factsOf(row),
        score: hit.report.score,
        hit,
      }),
  });
  const { putWatchlist, ...watchlists } = openWatchlists(site, {
    search,
    raise: ({ id, name }, row) => void alerts.raiseAlert({ ...factsOf(row), watchlist: name, watchlistId: id }),
  });
  const { tick: tickLive, ...sessions } = openLive(site, fleet, { running, end, isOn: live });

  return {
    ...fleet,
    ...sessions,
    ...alerts,
    ...bans,
    ...files,
    putFeed,
    putWatchlist,
    ...collected,
    ...faulty(request => app.fetch(request)),
    tick(at) {
      now = at;
      fleet.tick();
      tickLive();
      watchlists.tick();
      if (feeds.hasNews()) scan();
    },
    state: () => ({
      sensors: fleet.names(),
      isolation: fleet.isolation(),
      alerts: alerts.statuses(),
      bans: bans.enabled(),
      feeds: feeds.state(),
      watchlists: watchlists.state(),
      killed: sessions.killed(),
    }),
  };
}

/** What an alert says of a process. */
function factsOf(row: JsonObject): NewAlert {
  const { sensor_id: sensor, process_name: process, path, process_md5: md5, username, id: guid } = row;
  return {
    sensor: Number(sensor),
    guid: String(guid),
    process: String(process),
    path: String(path),
    md5: String(md5),
    username: String(username),
  };
}
