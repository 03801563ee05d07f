import type { Dirent } from 'node:fs';
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { sortDiagnostics } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import type { JsonObject } from '../base/json.ts';
import { startOf } from '../base/span.ts';
import type { Installed } from '../engine/playbooks.ts';
import { compile } from '../machine/compile.ts';
import { callableOf } from '../playbook/callable.ts';
import { linksOf } from '../playbook/links.ts';
import type { Loaded } from '../playbook/load.ts';
import { loadPlaybook } from '../playbook/load.ts';
import { loadLocalEvent, withEventTypes } from '../playbook/local-events.ts';
import type { Mode, Playbook } from '../playbook/playbook.ts';
import type { SigmaFiles, SigmaSource } from '../playbook/sigma-files.ts';
import { diagnosticOf } from './codes.ts';
import { codeOf, shownAs } from './config-file.ts';
import type { Config, PlaybookEntries, PlaybookEntry } from './config.ts';

const FILE = 'playbook.yaml';

interface Source {
  readonly file: string;
  readonly text: string;
}

export interface ReadPlaybooks {
  /** Those without an error, by name. */
  readonly installed: readonly Installed[];
  /** Folders whose playbook is there and has errors, or cannot be read. */
  readonly failed: readonly string[];
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of every file that was read, for showing places. */
  readonly texts: ReadonlyMap<string, string>;
  /** With the event types that the project declares. */
  readonly catalogue: Catalogue;
}

/** What is read, and how its files are called: relative to `base`. */
export interface PlaybookPlaces extends Pick<Config, 'folders' | 'playbooks'> {
  readonly base: string;
  /** What guardrails.yaml names; undefined where it could not be read. */
  readonly windows?: readonly string[];
  /** The others are read only where these lead to them; all, if not given. */
  readonly isWanted?: (folder: string) => boolean;
}

/** Reads `<playbooks>/<name>/playbook.yaml`, `<lists>/<name>.yaml` and `<events>/<name>.yaml` as this environment runs them. Never throws. */
export function readPlaybooks(places: PlaybookPlaces, installedOnly: Catalogue): ReadPlaybooks {
  const { base, folders, playbooks: entries, windows } = places;
  const texts = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const read = (path: string): Source | 'absent' | 'unreadable' => {
    const file = shownAs(path, base);
    try {
      const text = readFileSync(path, 'utf8');
      texts.set(file, text);
      return { file, text };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 'absent';
      diagnostics.push(
        diagnosticOf({
          code: 'unreadable-file',
          message: `${file} cannot be read (${codeOf(error)})`,
          span: startOf(file),
        }),
      );
      return 'unreadable';
    }
  };
  const lists = readFiles(folders.lists, read);
  const types = [...readFiles(folders.events, read)].flatMap(([name, { file, text }]) => {
    const loaded = loadLocalEvent(name, file, text);
    diagnostics.push(...loaded.diagnostics);
    return loaded.type ?? [];
  });
  const declared = withEventTypes(installedOnly, types);
  let rules: SigmaFiles | undefined;
  const sigma = (text: string) => (text.includes('sigma') ? { sigma: (rules ??= readRules(folders.sigma, read)) } : {});
  const names = entriesOf(folders.playbooks)
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  const load = (name: string, source: Source, known: Catalogue) =>
    loadPlaybook({ ...source, folder: name, lists, ...sigma(source.text) }, known, {
      params: entryFor(name, entries)?.params ?? {},
      ...(windows === undefined ? {} : { windows }),
    });
  const first = readLinked(names, places, name => {
    const source = read(join(folders.playbooks, name, FILE));
    if (source === 'absent') return undefined;
    return { name, source, loaded: source === 'unreadable' ? undefined : load(name, source, declared) };
  });
  const callables = first.flatMap(({ name, loaded }) => {
    const callable = loaded?.playbook && callableOf(loaded.playbook, declared);
    return callable === undefined ? [] : [[name, callable] as const];
  });
  const links = first.flatMap(({ name, loaded }) =>
    loaded?.playbook === undefined ? [] : [[name, linksOf(loaded.playbook)] as const],
  );
  const catalogue: Catalogue = { ...declared, callables: new Map(callables), links: new Map(links) };
  const installed: Installed[] = [];
  const failed: string[] = [];
  for (const { name, source, loaded: alone } of first) {
    // What leads to others is looked at again, now that they are known.
    const { calls = [], emits = [] } = alone?.playbook === undefined ? {} : linksOf(alone.playbook);
    const isLinked = calls.length + emits.length > 0;
    const loaded = isLinked && source !== 'unreadable' ? load(name, source, catalogue) : alone;
    diagnostics.push(...(loaded?.diagnostics ?? []));
    if (loaded?.playbook === undefined) failed.push(name);
    else installed.push(install(loaded.playbook, entryFor(name, entries), catalogue));
  }
  diagnostics.push(...strays(entries, names));
  return { installed, failed, diagnostics: sortDiagnostics(withoutRepeats(diagnostics)), texts, catalogue };
}

/**
 * Those that are wanted, and what they lead to: the playbooks they call, and whoever their events may wake, which nobody
 * knows before reading them all. All it is, too, where one calls what is not there: somebody will ask what was meant.
 */
function readLinked<One extends { readonly loaded: Loaded | undefined }>(
  names: readonly string[],
  { isWanted = () => true }: PlaybookPlaces,
  readOne: (name: string) => One | undefined,
): One[] {
  const found = new Map<string, One | undefined>();
  const open = names.filter(isWanted);
  for (const name of open) {
    if (found.has(name)) continue;
    const one = readOne(name);
    found.set(name, one);
    if (one?.loaded?.playbook === undefined) continue;
    const { calls, emits } = linksOf(one.loaded.playbook);
    const areNear = emits.length === 0 && calls.every(other => names.includes(other));
    open.push(...(areNear ? calls : names));
  }
  return names.flatMap(name => found.get(name) ?? []);
}

/**
 * What to go on with after reading anew: all or nothing for each playbook. One that fails keeps its old version in place,
 * one whose folder is gone leaves.
 */
export function replacePlaybooks(
  former: readonly Installed[],
  read: Pick<ReadPlaybooks, 'installed' | 'failed'>,
): Installed[] {
  const kept = former.filter(({ compiled }) => read.failed.includes(compiled.playbook.name));
  return [...read.installed, ...kept].toSorted((a, b) =>
    a.compiled.playbook.name < b.compiled.playbook.name ? -1 : 1,
  );
}

/** A checked playbook as an environment runs it (LANGUAGE 9.3). */
export function install(playbook: Playbook, entry: PlaybookEntry | undefined, catalogue: Catalogue): Installed {
  return {
    compiled: compile(playbook, catalogue),
    mode: moreCareful(playbook.mode, entry?.mode),
    params: paramsOf(playbook, entry?.params ?? {}),
  };
}

/** An entry of its own replaces `default` as a whole. */
export function entryFor(name: string, { byName, default: fallback }: PlaybookEntries): PlaybookEntry | undefined {
  return byName.get(name) ?? fallback;
}

const CAREFUL: readonly Mode[] = ['paused', 'shadow', 'active'];

function moreCareful(written: Mode, set: Mode | undefined): Mode {
  return CAREFUL.find(mode => mode === written || mode === set) ?? written;
}

function paramsOf({ params }: Playbook, set: JsonObject): JsonObject {
  return Object.fromEntries(
    params.flatMap(({ id, default: fallback }) => {
      const value = Object.hasOwn(set, id) ? set[id] : fallback;
      return value === undefined ? [] : [[id, value]];
    }),
  );
}

function readFiles(
  folder: string,
  read: (path: string) => Source | 'absent' | 'unreadable',
): ReadonlyMap<string, Source> {
  const files = new Map<string, Source>();
  for (const { name } of entriesOf(folder)) {
    if (!name.endsWith('.yaml') || name.startsWith('.')) continue;
    const source = read(join(folder, name));
    if (typeof source !== 'string') files.set(name.slice(0, -'.yaml'.length), source);
  }
  return files;
}

/** Rule files below the folder, by their paths in it. */
export function readRules(folder: string, read: (path: string) => Source | 'absent' | 'unreadable'): SigmaFiles {
  const rules = new Map<string, SigmaSource>();
  for (const entry of entriesOf(folder, { recursive: true })) {
    if (!entry.isFile() || !/\.ya?ml$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const source = read(path);
    if (typeof source !== 'string') rules.set(relative(folder, path).replaceAll('\\', '/'), source);
  }
  return rules;
}

/** In the order of the names; a folder that is not there is empty. */
function entriesOf(folder: string, { recursive = false } = {}): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** Settings for playbooks that are not there: misspelt, most likely, and then somebody counts on them. */
function strays({ byName }: PlaybookEntries, names: readonly string[]): Diagnostic[] {
  return [...byName]
    .filter(([name]) => !names.includes(name))
    .map(([name, { span }]) =>
      diagnosticOf({
        code: 'unknown-playbook',
        message: `there is no playbook "${name}"${didYouMean(name, names)}`,
        span,
      }),
    );
}

/** A mistake in a list is found by every playbook. */
function withoutRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map(
    diagnostics.map(diagnostic => [JSON.stringify([diagnostic.span, diagnostic.code, diagnostic.message]), diagnostic]),
  );
  return [...seen.values()];
}
