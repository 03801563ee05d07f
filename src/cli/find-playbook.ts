import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { didYouMean } from '../base/did-you-mean.ts';
import { shownAs } from '../daemon/config-file.ts';
import { entryFor, install, readRules } from '../daemon/playbooks.ts';
import type { Installed } from '../engine/playbooks.ts';
import type { Loaded, Sources } from '../playbook/load.ts';
import { loadPlaybook } from '../playbook/load.ts';
import { EXIT, Stop, misuse } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { printFindings } from './print/findings.ts';
import type { Project } from './project.ts';
import { readText } from './read-text.ts';

const FILE = 'playbook.yaml';

/** A playbook by its name, its folder or its file. What is wrong with it is said before the command ends. */
export function findPlaybook(word: string, project: Project, invocation: Invocation): Installed {
  requireSound(project, invocation);
  const name = nameOf(word, project, invocation);
  if (name === undefined) return loadStray(fileAt(resolve(invocation.folder, word)), project, invocation);
  const { installed, failed, diagnostics, texts } = project.playbooks;
  const found = installed.find(({ compiled }) => compiled.playbook.name === name);
  if (found !== undefined) return found;
  if (!failed.includes(name)) {
    const names = [...installed.map(({ compiled }) => compiled.playbook.name), ...failed];
    throw misuse(`there is no playbook "${name}"${didYouMean(name, names)}`, known(names));
  }
  const place = shownAs(join(project.config.folders.playbooks, name, FILE), invocation.folder);
  const lists = shownAs(project.config.folders.lists, invocation.folder);
  const own = diagnostics.filter(({ span }) => span.file === place || dirname(span.file) === lists);
  throw unloadable(place, { diagnostics: own, texts }, invocation);
}

/** Stops where the configuration or the guardrails have errors: what follows from them would be guessed. */
export function requireSound(
  { diagnostics, texts }: Pick<Project, 'diagnostics' | 'texts'>,
  { terminal }: Invocation,
): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return;
  terminal.complain(printFindings({ diagnostics: errors, texts }, 'pretty', terminal.talk));
  throw misuse('the configuration cannot be used');
}

/** A playbook file on its own, with the project's lists and what the environment sets for its name. */
export function loadFile(path: string, project: Project): Loaded & { readonly file: string; readonly text: string } {
  const file = shownAs(path, project.base);
  const text = readText(path, file);
  const folder = basename(path) === FILE ? { folder: basename(dirname(path)) } : {};
  const entry = entryFor(folder.folder ?? '', project.config.playbooks);
  const loaded = loadPlaybook(
    { file, text, ...folder, lists: listsOf(project), sigma: rulesOf(project, text) },
    project.catalogue,
    {
      params: entry?.params ?? {},
      windows: project.guardrails.windows.map(window => window.name),
    },
  );
  return { ...loaded, file, text };
}

/** The name, if the word is one, or is the place of a playbook that has one in this project. */
function nameOf(word: string, { config }: Project, { folder }: Invocation): string | undefined {
  const isName = !/[/\\.]/.test(word);
  const { playbooks } = config.folders;
  if (isName && (existsSync(join(playbooks, word, FILE)) || !existsSync(resolve(folder, word)))) return word;
  const home = dirname(fileAt(resolve(folder, word)));
  return dirname(home) === playbooks && basename(fileAt(resolve(folder, word))) === FILE ? basename(home) : undefined;
}

function fileAt(path: string): string {
  return existsSync(path) && statSync(path).isDirectory() ? join(path, FILE) : path;
}

function loadStray(path: string, project: Project, invocation: Invocation): Installed {
  const { playbook, diagnostics, file, text } = loadFile(path, project);
  if (playbook === undefined) throw unloadable(file, { diagnostics, texts: new Map([[file, text]]) }, invocation);
  return install(playbook, entryFor(playbook.name, project.config.playbooks), project.catalogue);
}

function unloadable(file: string, findings: Parameters<typeof printFindings>[0], { terminal }: Invocation): Stop {
  const diagnostics = findings.diagnostics.filter(({ severity }) => severity === 'error');
  terminal.complain(printFindings({ ...findings, diagnostics }, 'pretty', terminal.talk));
  return new Stop(EXIT.playbook, `${file} cannot be loaded`, '`backline check` shows warnings as well');
}

function listsOf({ playbooks, config, base }: Project): NonNullable<Sources['lists']> {
  const folder = shownAs(config.folders.lists, base);
  const files = [...playbooks.texts].filter(([file]) => dirname(file) === folder);
  return new Map(files.map(([file, text]) => [basename(file, '.yaml'), { file, text }]));
}

function rulesOf({ config, base }: Project, text: string): NonNullable<Sources['sigma']> {
  if (!text.includes('sigma')) return new Map();
  return readRules(config.folders.sigma, path => {
    const file = shownAs(path, base);
    return { file, text: readText(path, file) };
  });
}

function known(names: readonly string[]): string {
  return names.length === 0
    ? 'there are no playbooks here; -C names another folder'
    : `playbooks: ${names.toSorted().join(', ')}`;
}
