import { existsSync, readFileSync } from 'node:fs';
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
import { loadGuardrails } from '../daemon/guardrails.ts';
import type { PlaybookPlaces, ReadPlaybooks } from '../daemon/playbooks.ts';
import { readPlaybooks } from '../daemon/playbooks.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import type { Invocation } from './invocation.ts';
import { unreadSecrets } from './unread-secrets.ts';

/** What authors work on: the files that belong together, read and checked. Nothing of it is connected to anything. */
export interface Project {
  readonly catalogue: Catalogue;
  readonly places: PlaybookPlaces;
  /** Undefined where there is no backline.yaml, or one with errors. */
  readonly config?: Config;
  readonly guardrails: Guardrails;
  readonly playbooks: ReadPlaybooks;
  /** Of the configuration and the guardrails. */
  readonly diagnostics: readonly Diagnostic[];
  /** Of the configuration and the guardrails. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads the project that a folder belongs to; without a backline.yaml the folder itself is one. Never throws. */
export function openProject(invocation: Invocation): Project {
  const catalogue = catalogueOf(connectors);
  const texts = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const read = (path: string): { readonly file: string; readonly text: string } | undefined => {
    const file = shownAs(path, invocation.folder);
    try {
      const text = readFileSync(path, 'utf8');
      texts.set(file, text);
      return { file, text };
    } catch (error) {
      const message = `${file} cannot be read (${codeOf(error)})`;
      diagnostics.push(diagnosticOf({ code: 'unreadable-file', message, span: startOf(file) }));
      return undefined;
    }
  };

  const { folder, config: explicit, variables } = invocation;
  const path = findConfig({ folder, variables, ...(explicit === undefined ? {} : { explicit }) });
  const root = path === undefined ? folder : dirname(path);
  const source = path === undefined ? undefined : read(path);
  const loaded =
    source === undefined
      ? undefined
      : loadConfig({ ...source, folder: root }, { ...unreadSecrets(source.text, variables), catalogue, flags: [] });
  diagnostics.push(...(loaded?.diagnostics ?? []));
  const config = loaded?.config;

  const rules = config?.guardrails.path ?? join(root, 'guardrails.yaml');
  const isThere = config?.guardrails.named !== undefined || existsSync(rules);
  const written = isThere ? read(rules) : undefined;
  const guarded = written === undefined ? undefined : loadGuardrails(written.file, written.text, catalogue);
  diagnostics.push(...(guarded?.diagnostics ?? []));

  const places: PlaybookPlaces = {
    base: folder,
    folders: config?.folders ?? { playbooks: join(root, 'playbooks'), lists: join(root, 'lists') },
    playbooks: config?.playbooks ?? { byName: new Map() },
  };
  return {
    catalogue,
    places,
    ...(config === undefined ? {} : { config }),
    guardrails: guarded?.guardrails ?? NO_GUARDRAILS,
    playbooks: readPlaybooks(places, catalogue),
    diagnostics,
    texts,
  };
}
