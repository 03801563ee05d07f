import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Catalogue } from '../action/connector.ts';
import { catalogueOf } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { startOf } from '../base/span.ts';
import { connectors } from '../connectors/connectors.ts';
import { diagnosticOf } from '../daemon/codes.ts';
import { codeOf, findConfig, shownAs } from '../daemon/config-file.ts';
import type { Config } from '../daemon/config.ts';
import { loadConfig } from '../daemon/config.ts';
import type { ReadPlaybooks } from '../daemon/playbooks.ts';
import { readProject } from '../daemon/project.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import type { Invocation } from './invocation.ts';
import { unreadSecrets } from './unread-secrets.ts';

/** What authors work on: the files that belong together, read and checked. Nothing of it is connected to anything. */
export interface Project {
  readonly catalogue: Catalogue;
  /** What files are called relative to: where the command was called. */
  readonly base: string;
  /** The defaults, where there is no backline.yaml, or one with errors. */
  readonly config: Config;
  readonly guardrails: Guardrails;
  readonly playbooks: ReadPlaybooks;
  /** Of the configuration and the guardrails. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of the same. */
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads the project that a folder belongs to; without a backline.yaml the folder itself is one. Never throws. Of its
 * playbooks those whose folders are wanted, and what they lead to.
 */
export function openProject(invocation: Invocation, isWanted: (place: string) => boolean = () => true): Project {
  const { terminal, folder, config: explicit, variables, isVerbose } = invocation;
  const catalogue = catalogueOf(connectors);
  const path = findConfig({ folder, variables, ...(explicit === undefined ? {} : { explicit }) });
  const root = path === undefined ? folder : dirname(path);
  const file = shownAs(path ?? join(folder, 'backline.yaml'), folder);
  if (isVerbose) terminal.say(`configuration: ${path ?? 'none; everything has its default'}`);
  const texts = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  try {
    if (path !== undefined) texts.set(file, readFileSync(path, 'utf8'));
  } catch (error) {
    const message = `${file} cannot be read (${codeOf(error)})`;
    diagnostics.push(diagnosticOf({ code: 'unreadable-file', message, span: startOf(file) }));
  }
  const load = (text: string) =>
    loadConfig({ file, text, folder: root }, { ...unreadSecrets(text, variables), catalogue, flags: [] });
  const loaded = load(texts.get(file) ?? '');
  // Without settings nothing can be wrong but a variable, and then that is what stops whoever goes on.
  const config =
    loaded.config ?? loadConfig({ file, text: '', folder: root }, { ...NOTHING, catalogue, flags: [] }).config;
  if (config === undefined) throw new Error('the defaults of the configuration have errors');
  diagnostics.push(...loaded.diagnostics);

  const {
    guardrails = NO_GUARDRAILS,
    playbooks,
    ...read
  } = readProject(config, folder, catalogue, name => isWanted(join(config.folders.playbooks, name)));
  for (const [name, text] of read.texts) if (!playbooks.texts.has(name)) texts.set(name, text);
  diagnostics.push(...read.diagnostics.filter(found => !playbooks.diagnostics.includes(found)));
  return { catalogue: playbooks.catalogue, base: folder, config, guardrails, playbooks, diagnostics, texts };
}

const NOTHING = { variables: {}, readFile: () => '' };
