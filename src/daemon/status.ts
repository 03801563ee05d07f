import type { StatusView } from '../api/contract.ts';
import { pollView, sourceView } from '../api/views.ts';
import type { Instant } from '../base/clock.ts';
import { formatInstant } from '../base/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Config } from './config.ts';
import type { Polls } from './polls.ts';
import type { Project } from './project.ts';
import type { Sources } from './sources.ts';

/** What the daemon goes by at the moment. Reloads change it. */
export interface Current {
  config: Config;
  project: Project;
  readonly started: Instant;
  /** Where it listens. */
  readonly address: string;
}

/** How people reach the daemon. */
export function urlFor({ config, address }: Current): string {
  return config.url ?? address;
}

export async function statusOf(daemon: {
  readonly now: Current;
  readonly engine: Engine;
  readonly polls: Polls;
  readonly sources: Sources;
}): Promise<StatusView> {
  const { now, engine, polls, sources } = daemon;
  const { config, project } = now;
  const counts = await engine.store.query.counts();
  const paused = await engine.store.query.pause();
  return {
    environment: config.environment,
    url: urlFor(now),
    started: formatInstant(now.started),
    ...(paused === undefined ? {} : { paused: { ...paused, at: formatInstant(paused.at) } }),
    ...counts,
    busy: engine.load.busy,
    queued: engine.load.waiting,
    playbooks: engine.playbooks.byName.size,
    sources: [...polls.health.map(pollView), ...sources.health.map(sourceView)],
    diagnostics: project.diagnostics,
  };
}
