import type { ReloadView } from '../api/contract.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import { equalJson } from '../base/json.ts';
import type { Log } from '../base/service.ts';
import type { Engine } from '../engine/engine.ts';
import type { Config } from './config.ts';
import type { Connections } from './connections.ts';
import type { DaemonOptions } from './daemon.ts';
import { replacePlaybooks } from './playbooks.ts';
import type { Schedules } from '../sources/schedules.ts';
import type { Polls } from './polls.ts';
import { readProject } from './project.ts';
import type { DaemonLog } from './log.ts';
import type { Sources } from './sources.ts';
import type { Current } from './status.ts';

interface Reloaded {
  readonly now: Current;
  /** What it was started with. */
  readonly started: Config;
  readonly options: Pick<DaemonOptions, 'reread' | 'base' | 'catalogue'>;
  readonly engine: Engine;
  readonly connections: Connections;
  readonly polls: Polls;
  readonly schedules: Schedules;
  readonly sources: Sources;
  readonly log: DaemonLog;
}

/**
 * Reads configuration, guardrails and playbooks anew. An error in the first two leaves everything as it is; a playbook with
 * an error keeps its old version, and the others go on. Runs under way keep the version they were born with. One reload at
 * a time.
 */
export function reloading(daemon: Reloaded): () => Promise<ReloadView> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(() => reload(daemon));
    last = next.catch(() => {});
    return next;
  };
}

export function tellErrors(log: Log, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'error') log.error({ error: formatDiagnosticLine(diagnostic) }, 'a file has an error');
  }
}

async function reload({
  now,
  started,
  options,
  engine,
  connections,
  polls,
  schedules,
  sources,
  log,
}: Reloaded): Promise<ReloadView> {
  const { config, diagnostics } = options.reread();
  const project = config && readProject(config, options.base, options.catalogue);
  const found = [...diagnostics, ...(project?.diagnostics ?? [])];
  tellErrors(log, found);
  const installed = [...engine.playbooks.byName.values()];
  if (config === undefined || project?.guardrails === undefined) {
    log.error({}, 'nothing was reloaded: configuration or guardrails have errors');
    return {
      applied: false,
      playbooks: installed.map(nameOf),
      failed: project?.playbooks.failed ?? [],
      restart: [],
      diagnostics: found,
    };
  }
  const next = replacePlaybooks(installed, project.playbooks);
  engine.setGuardrails(project.guardrails);
  engine.setEventTypes(project.playbooks.catalogue.eventTypes);
  await engine.setPlaybooks(next);
  const restart = changedForGood(started, config);
  log.setLevel(config.log.level);
  now.config = config;
  now.project = project;
  await polls.stop();
  connections.replace(config.connections);
  await polls.replace(config.connections);
  await sources.replace(config.sources);
  await schedules.follow();
  log.info({ playbooks: next.length, failed: project.playbooks.failed, restart }, 'the project was reloaded');
  return { applied: true, playbooks: next.map(nameOf), failed: project.playbooks.failed, restart, diagnostics: found };
}

/** What is fixed when a daemon starts. */
function changedForGood(former: Config, next: Config): string[] {
  const fixed = ({ data, listen, limits, files, feeds, sources }: Config) => ({
    data,
    listen: { ...listen },
    limits: { ...limits },
    files: { ...files },
    // A standard input that was let go cannot be had again.
    'sources.stdin': sources.stdin?.mark ?? null,
    // As text: networks are numbers that JSON does not have, and secrets do not show.
    feeds:
      feeds === undefined
        ? null
        : JSON.stringify(feeds, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  });
  const [before, after] = [fixed(former), fixed(next)];
  return (['data', 'listen', 'limits', 'files', 'feeds', 'sources.stdin'] as const).filter(
    name => !equalJson(before[name], after[name]),
  );
}

function nameOf({ compiled }: { readonly compiled: { readonly playbook: { readonly name: string } } }): string {
  return compiled.playbook.name;
}
