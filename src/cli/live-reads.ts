import { realClock } from '../daemon/clock.ts';
import { findConfig, readConfig, shownAs } from '../daemon/config-file.ts';
import { Connections } from '../daemon/connections.ts';
import { livePerformer } from '../daemon/performer.ts';
import { catalogueOf } from '../action/connector.ts';
import { silentLog } from '../base/service.ts';
import { connectors } from '../connectors/connectors.ts';
import { Activity } from '../engine/activity.ts';
import type { Performer } from '../engine/performer.ts';
import { requireSound } from './find-playbook.ts';
import type { Invocation } from './invocation.ts';

/**
 * Lets a plan look at products as they are, through the configured connections. The wire that reads get passes only GET
 * and HEAD, and the planner hands nothing else on.
 */
export async function withLiveReads<Result>(
  invocation: Invocation,
  plan: (live: Performer) => Promise<Result>,
): Promise<Result> {
  const { folder, config: explicit, variables } = invocation;
  const catalogue = catalogueOf(connectors);
  const read = readConfig({ folder, variables, flags: [], catalogue, ...(explicit === undefined ? {} : { explicit }) });
  const path = findConfig({ folder, variables, ...(explicit === undefined ? {} : { explicit }) });
  const texts = path === undefined || read.text === undefined ? [] : [[shownAs(path, folder), read.text] as const];
  requireSound({ diagnostics: read.diagnostics, texts: new Map(texts) }, invocation);
  const connections = new Connections({ clock: realClock, activity: new Activity(realClock) });
  connections.replace(read.config?.connections ?? []);
  try {
    return await plan(livePerformer({ connections, clock: realClock, log: silentLog }));
  } finally {
    await connections.close();
  }
}
