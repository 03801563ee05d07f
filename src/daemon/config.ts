import { resolve } from 'node:path';
import type { Catalogue, Connection } from '../action/connector.ts';
import { catalogueOf } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors, sortDiagnostics } from '../base/diagnostic.ts';
import type { Milliseconds } from '../base/duration.ts';
import { parseDuration } from '../base/duration.ts';
import type { Json, JsonObject } from '../base/json.ts';
import type { Trust } from '../base/http.ts';
import { parseSize } from '../base/size.ts';
import type { Span } from '../base/span.ts';
import type { Limits } from '../engine/scheduler.ts';
import type { HostRules } from '../event/identity.ts';
import { readDocument } from '../playbook/document.ts';
import { Node } from '../playbook/node.ts';
import type { Mode } from '../playbook/playbook.ts';
import { schemaDiagnostics } from '../playbook/schema-diagnostics.ts';
import { config as validate } from '../playbook/schemas.generated.js';
import type { FileLimits } from '../store/files/disk.ts';
import type { ConfigFinding } from './codes.ts';
import { diagnosticOf } from './codes.ts';
import { readConnections } from './connections-config.ts';
import type { FeedsConfig } from './feeds-config.ts';
import { readFeeds } from './feeds-config.ts';
import { readHosts } from './hosts-config.ts';
import type { Override } from './layers.ts';
import { layer } from './layers.ts';
import type { Leaf } from './leaves.ts';
import { leavesOf } from './leaves.ts';
import type { ListenAddress } from './listen.ts';
import { parseListen } from './listen.ts';
import { readPeople } from './people.ts';
import type { Groups } from './people.ts';
import type { SecretSource } from './references.ts';
import { settingsSchema } from './settings-schema.ts';
import type { SourcesConfig } from './sources-config.ts';
import { readSources } from './sources-config.ts';
import type { Variables } from './variables.ts';
import { overridesFrom } from './variables.ts';

/** `backline.yaml` with everything that overrides it, checked, with its secrets. Paths are absolute. */
export interface Config {
  /** As it was named; undefined where there is none. */
  readonly file?: string;
  readonly environment: string;
  readonly data: string;
  readonly listen: ListenAddress;
  /** How people reach the daemon, without a slash at the end; where it listens, if not given. */
  readonly url?: string;
  readonly folders: {
    readonly playbooks: string;
    readonly lists: string;
    readonly events: string;
    readonly sigma: string;
  };
  readonly playbooks: PlaybookEntries;
  readonly people: Groups;
  readonly guardrails: {
    readonly path: string;
    /** Where the configuration names it; it must then be there. */ readonly named?: Span;
  };
  readonly limits: Limits;
  readonly files: FileLimits;
  /** By which hosts are told apart. */
  readonly hosts: HostRules;
  /** What it serves for others to fetch, if anything. */
  readonly feeds?: FeedsConfig;
  readonly connections: readonly ConfiguredConnection[];
  readonly sources: SourcesConfig;
  readonly log: { readonly level: LogLevel; readonly format?: 'json' | 'text' };
  /** Every setting with where it comes from; secrets are references. */
  readonly leaves: readonly Leaf[];
}

export interface PlaybookEntries {
  readonly default?: PlaybookEntry;
  readonly byName: ReadonlyMap<string, PlaybookEntry>;
}

/** What the environment sets for a playbook (LANGUAGE 9.3). */
export interface PlaybookEntry {
  readonly mode?: Mode;
  readonly params: JsonObject;
  readonly span: Span;
}

export interface ConfiguredConnection extends Connection {
  /** How often each of its sources is asked; a source without an entry is not asked. */
  readonly poll: ReadonlyMap<string, Milliseconds>;
  /** Whom to trust, where its endpoints do not say it themselves. */
  readonly tls?: Trust;
  /** Follows the references of its settings again; undefined where they lead nowhere now. */
  refresh?(): { readonly settings: unknown; readonly tls?: Trust } | undefined;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface ConfigSources {
  /** As diagnostics name it. */
  readonly file: string;
  readonly text: string;
  /** What relative paths are relative to; absolute. */
  readonly folder: string;
}

/** What a configuration depends on beside its text. Flags win over variables, and those over the file. */
export interface ConfigWorld extends SecretSource {
  readonly catalogue: Catalogue;
  readonly flags: readonly Override[];
}

export interface LoadedConfig {
  /** Undefined if there is any error. */
  readonly config?: Config;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Text to checked configuration, or all that is wrong with it at once. Never throws; reads nothing but what references
 * point at, through `world`.
 */
export function loadConfig(sources: ConfigSources, world: ConfigWorld): LoadedConfig {
  const file = readDocument(sources.file, sources.text);
  const found: Diagnostic[] = [];
  const report = (finding: ConfigFinding): void => void found.push(diagnosticOf(finding));
  const schema = settingsSchema(world.catalogue);
  const document = layer(file, [...overridesFrom(world.variables, schema, file.root, report), ...world.flags]);
  found.push(...document.diagnostics, ...schemaDiagnostics(document, validate));
  const root = new Node(document, [], document.root ?? {});
  const reader = { document, source: world, report };
  const path = (node: Node | undefined, fallback: string): string => resolve(sources.folder, node?.text() ?? fallback);
  const folders = root.get('folders');
  const limits = root.get('limits');
  const log = root.get('log');
  const guardrails = root.get('guardrails');
  const listen = parseListen(root.get('listen'), report);
  const url = root.get('url')?.text();
  const feeds = readFeeds(root.get('feeds'), sources.folder, reader);
  const format = log?.get('format')?.word(['json', 'text']);
  const config: Config = {
    file: sources.file,
    environment: root.get('environment')?.text() ?? DEFAULTS.environment,
    data: path(root.get('data'), DEFAULTS.data),
    listen,
    ...(url === undefined ? {} : { url: url.replace(/\/+$/, '') }),
    folders: {
      playbooks: path(folders?.get('playbooks'), DEFAULTS.folders.playbooks),
      lists: path(folders?.get('lists'), DEFAULTS.folders.lists),
      events: path(folders?.get('events'), DEFAULTS.folders.events),
      sigma: path(folders?.get('sigma'), DEFAULTS.folders.sigma),
    },
    playbooks: readEntries(root.get('playbooks')),
    people: readPeople(root.get('people'), diagnostic => found.push(diagnostic)),
    guardrails: {
      path: path(guardrails, DEFAULTS.guardrails),
      ...(guardrails === undefined ? {} : { named: guardrails.span }),
    },
    limits: {
      runs: limits?.get('runs')?.number() ?? DEFAULTS.limits.runs,
      runsPerPlaybook: limits?.get('runs_per_playbook')?.number() ?? DEFAULTS.limits.runs_per_playbook,
    },
    files: readFiles(root.get('files')),
    hosts: readHosts(root.get('hosts'), reader),
    ...(feeds === undefined ? {} : { feeds }),
    connections: readConnections(
      root.get('connections'),
      { catalogue: world.catalogue, folder: sources.folder },
      reader,
    ),
    sources: readSources(root.get('sources'), sources.folder, world.catalogue, reader),
    log: {
      level: log?.get('level')?.word(['debug', 'info', 'warn', 'error']) ?? DEFAULTS.log.level,
      ...(format === undefined ? {} : { format }),
    },
    leaves: leavesOf(document, DEFAULTS),
  };
  const diagnostics = sortDiagnostics(found);
  return hasErrors(diagnostics) ? { diagnostics } : { config, diagnostics };
}

/** Where a configuration lets the daemon listen, whatever else is wrong in it; undefined if that cannot be told. */
export function listenOf(
  { file, text }: Pick<ConfigSources, 'file' | 'text'>,
  variables: Variables,
): ListenAddress | undefined {
  const read = readDocument(file, text);
  const document = layer(
    read,
    overridesFrom(variables, settingsSchema(catalogueOf([])), read.root, () => {}),
  );
  if (document.root === undefined) return undefined;
  const found: Diagnostic[] = [];
  const node = new Node(document, [], document.root).get('listen');
  const listen = parseListen(node, finding => void found.push(diagnosticOf(finding)));
  const place = JSON.stringify(node?.span);
  const isWrong = [...found, ...schemaDiagnostics(document, validate)].some(
    ({ span }) => JSON.stringify(span) === place,
  );
  return isWrong || hasErrors(read.diagnostics) ? undefined : listen;
}

const DEFAULTS = {
  environment: 'default',
  data: '.backline',
  listen: '127.0.0.1:7400',
  folders: { playbooks: 'playbooks', lists: 'lists', events: 'events', sigma: 'sigma' },
  guardrails: 'guardrails.yaml',
  limits: { runs: 200, runs_per_playbook: 50 },
  files: { largest: '32MiB', total: '10GiB', keep: '30d' },
  hosts: { lease: '1d', forget: '90d', most: 100_000 },
  log: { level: 'info' },
} as const satisfies Json;

/** What the schema refuses is reported by it. */
function readFiles(node: Node | undefined): FileLimits {
  const size = (name: 'largest' | 'total'): number => parseSize(node?.get(name)?.text() ?? DEFAULTS.files[name]) ?? 0;
  return {
    largest: size('largest'),
    total: size('total'),
    keep: parseDuration(node?.get('keep')?.text() ?? DEFAULTS.files.keep) ?? 0,
  };
}

function readEntries(node: Node | undefined): PlaybookEntries {
  const byName = new Map((node?.entries() ?? []).map(([name, entry]) => [name, readEntry(entry)] as const));
  const fallback = byName.get('default');
  byName.delete('default');
  return { byName, ...(fallback === undefined ? {} : { default: fallback }) };
}

function readEntry(node: Node): PlaybookEntry {
  const mode = node.get('mode')?.word(['paused', 'shadow', 'active']);
  const params = Object.fromEntries((node.get('params')?.entries() ?? []).map(([id, { value }]) => [id, value]));
  return { ...(mode === undefined ? {} : { mode }), params, span: node.keySpan };
}
