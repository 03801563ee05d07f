import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Catalogue } from '../action/connector.ts';
import { createApi } from '../api/api.ts';
import type { ReloadView } from '../api/contract.ts';
import { listen } from '../api/server.ts';
import type { Clock } from '../base/clock.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Ids } from '../base/ids.ts';
import { Activity } from '../engine/activity.ts';
import { Engine } from '../engine/engine.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import { ownPerformer } from '../engine/own-performer.ts';
import { Schedules } from '../sources/schedules.ts';
import { openDiskFiles } from '../store/files/disk.ts';
import { openSqliteStore } from '../store/sqlite/sqlite.ts';
import { realClock } from './clock.ts';
import type { Config, LoadedConfig } from './config.ts';
import { usedActions } from './connection-checks.ts';
import { connectionView } from './connection-view.ts';
import { Connections } from './connections.ts';
import { firstLook } from './first-look.ts';
import { startFeeds } from './feeds.ts';
import { createIds } from './ids.ts';
import { informer } from './inform.ts';
import { isLoopback, urlOf } from './listen.ts';
import type { DaemonLog } from './log.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { peopleOf } from './people.ts';
import { livePerformer } from './performer.ts';
import { Polls } from './polls.ts';
import { readProject } from './project.ts';
import { reloading, tellErrors } from './reload.ts';
import { SecretWatch } from './secret-watch.ts';
import { shadowPerformer } from './shadow.ts';
import { Sources } from './sources.ts';
import { refuseOpenDoor, starting } from './start.ts';
import { StartTrouble } from './start-trouble.ts';
import type { Current } from './status.ts';
import { statusOf, urlFor } from './status.ts';

export { StartTrouble } from './start-trouble.ts';

export interface DaemonOptions {
  readonly catalogue: Catalogue;
  /** What files are called relative to in messages: the folder of the configuration. */
  readonly base: string;
  /** Reads the configuration anew, for a reload. */
  readonly reread: () => LoadedConfig;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly log?: DaemonLog;
  /** What `sources.stdin` reads; the process's own if not given. */
  readonly stdin?: Readable;
}

export interface Daemon {
  /** Where it listens. */
  readonly url: string;
  readonly engine: Engine;
  /** What of the project's files was wrong at the start; playbooks with errors are not installed. */
  readonly diagnostics: readonly Diagnostic[];
  reload(): Promise<ReloadView>;
  /** Sources first, then the API, then runs, which cost no attempt (E7). May be called twice. */
  stop(): Promise<void>;
}

/**
 * A checked configuration comes in; a daemon that takes events, runs playbooks and answers goes out. Everything is wired
 * here, by hand. Rejects with {@link StartTrouble} where it cannot start, and then nothing was begun and nothing is held.
 */
export async function startDaemon(config: Config, options: DaemonOptions): Promise<Daemon> {
  const { catalogue, base, clock = realClock } = options;
  const { ids = createIds(clock), log = createLog(config.log) } = options;
  const project = readProject(config, base, catalogue);
  const { guardrails } = project;
  if (guardrails === undefined)
    throw new StartTrouble('the guardrails have errors', { diagnostics: project.diagnostics });

  const begun: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (let stop = begun.pop(); stop !== undefined; stop = begun.pop()) await stop();
  };
  try {
    const store = await starting(openSqliteStore({ directory: config.data, clock, log }));
    begun.push(() => store.close());
    await refuseOpenDoor(config.listen, store);
    const server = await starting(listen(config.listen, clock));
    const url = urlOf({ ...config.listen, port: server.port });

    const now: Current = { config, project, started: clock.now(), address: url };
    const activity = new Activity(clock);
    const connections = new Connections({ clock, activity, log });
    begun.push(() => connections.close());
    connections.replace(config.connections);
    const secrets = new SecretWatch({ clock, connections });
    begun.push(() => secrets.stop());
    await secrets.start();
    const metrics = createMetrics({
      engine: () => engine,
      polls: () => polls.health,
      sources: () => sources.health,
      connections: () => connections.all(),
    });
    begun.push(async () => metrics.stop());
    const files = await starting(
      openDiskFiles({ directory: join(config.data, 'files'), limits: config.files, clock, log }),
    );
    begun.push(() => files.close());
    const products = metrics.counting(livePerformer({ connections, files, clock, log }));
    const live = ownPerformer({ store, clock, engine: () => engine }, products);
    const engine = new Engine({
      world: { store, clock, ids, log },
      catalogue: project.playbooks.catalogue,
      performers: { active: live, shadow: shadowPerformer(live) },
      activity,
      people: peopleOf(() => now.config.people),
      guardrails,
      limits: config.limits,
      hosts: () => now.config.hosts,
      url: run => `${urlFor(now)}/runs/${run}`,
      inform: informer({ connections, send: catalogue.actions.get('notify.send'), activity, clock, log }),
    });
    begun.push(() => engine.stop());
    const polls = new Polls({ engine, connections, clock, log });
    const schedules = new Schedules({ engine, clock, log });
    const sources = new Sources({ engine, clock, log, stdin: options.stdin ?? process.stdin });
    const stopping = new AbortController();
    begun.push(async () => {
      stopping.abort();
      await server.close();
    });
    const feeds = await startFeeds({ config, guardrails: () => now.project.guardrails ?? guardrails, clock, log });
    begun.push(async () => feeds?.close());
    tellErrors(log, project.diagnostics);
    if (guardrails === NO_GUARDRAILS) log.warn({ file: config.guardrails.path }, 'there are no guardrails');
    await engine.start(project.playbooks.installed);

    const reload = reloading({ now, started: config, options, engine, connections, polls, schedules, sources, log });
    server.open(
      createApi({
        engine,
        clock,
        log,
        isLoopback: isLoopback(config.listen),
        url: () => urlFor(now),
        webhook: name => sources.webhook(name),
        status: () => statusOf({ now, engine, polls, sources }),
        connections: () => connections.all().map(connectionView),
        reload,
        metrics: () => metrics.exposition(),
        stopping: stopping.signal,
      }),
    );
    begun.push(() => polls.stop());
    await polls.replace(config.connections);
    begun.push(() => schedules.stop());
    await schedules.follow();
    begun.push(() => sources.stop());
    await sources.start(config.sources);
    const look = firstLook(
      { connections, activity, clock, log },
      usedActions(
        project.playbooks.installed.map(({ compiled }) => compiled),
        project.playbooks.catalogue,
      ),
    );
    begun.push(() => look.stop());
    log.info({ url, environment: config.environment, playbooks: engine.playbooks.byName.size }, 'the daemon is up');
    let stopped: Promise<void> | undefined;
    return { url, engine, diagnostics: project.diagnostics, reload, stop: () => (stopped ??= stopAll()) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}
