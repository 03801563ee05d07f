import { silentLog } from '../base/service.ts';
import { realClock } from '../daemon/clock.ts';
import { Connections } from '../daemon/connections.ts';
import { livePerformer } from '../daemon/performer.ts';
import { Activity } from '../engine/activity.ts';
import type { Performer } from '../engine/performer.ts';
import { memoryFiles } from '../store/files/memory.ts';
import type { Invocation } from './invocation.ts';
import { readLiveConfig } from './live-config.ts';

/**
 * Lets a plan look at products as they are, through the configured connections. The wire that reads get passes only
 * what reads, and the planner hands nothing else on.
 */
export async function withLiveReads<Result>(
  invocation: Invocation,
  plan: (live: Performer) => Promise<Result>,
): Promise<Result> {
  const { config } = readLiveConfig(invocation);
  const connections = new Connections({ clock: realClock, activity: new Activity(realClock) });
  connections.replace(config.connections);
  try {
    return await plan(livePerformer({ connections, files: memoryFiles(), clock: realClock, log: silentLog }));
  } finally {
    await connections.close();
  }
}
