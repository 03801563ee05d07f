import { readFileSync } from 'node:fs';
import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { sortDiagnostics } from '../base/diagnostic.ts';
import { startOf } from '../base/span.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import { diagnosticOf } from './codes.ts';
import { codeOf, shownAs } from './config-file.ts';
import type { Config } from './config.ts';
import { loadGuardrails } from './guardrails.ts';
import type { ReadPlaybooks } from './playbooks.ts';
import { readPlaybooks } from './playbooks.ts';

/** Everything that a configuration points at. */
export interface Project {
  /** Undefined where they have an error: then nothing may run by them. */
  readonly guardrails?: Guardrails;
  readonly playbooks: ReadPlaybooks;
  /** Of guardrails and playbooks, sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Reads guardrails, playbooks and lists; files are called as seen from `base`. Never throws. `isWanted` chooses among the
 * folders of playbooks; what those lead to is read with them.
 */
export function readProject(
  config: Config,
  base: string,
  catalogue: Catalogue,
  isWanted?: (folder: string) => boolean,
): Project {
  const places = { ...config, base, ...(isWanted === undefined ? {} : { isWanted }) };
  const { path, named } = config.guardrails;
  const file = shownAs(path, base);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (named === undefined && codeOf(error) === 'ENOENT')
      return {
        ...playbooksOnly(readPlaybooks({ ...places, windows: [] }, catalogue)),
        guardrails: NO_GUARDRAILS,
      };
    const playbooks = readPlaybooks(places, catalogue);
    const message = `${file} cannot be read (${codeOf(error)})`;
    const unreadable = diagnosticOf({ code: 'unreadable-file', message, span: named ?? startOf(file) });
    return { ...playbooksOnly(playbooks), diagnostics: sortDiagnostics([unreadable, ...playbooks.diagnostics]) };
  }
  const { guardrails, diagnostics } = loadGuardrails(file, text, catalogue);
  const windows = guardrails?.windows.map(({ name }) => name);
  const playbooks = readPlaybooks({ ...places, ...(windows === undefined ? {} : { windows }) }, catalogue);
  return {
    ...(guardrails === undefined ? {} : { guardrails }),
    playbooks,
    diagnostics: sortDiagnostics([...diagnostics, ...playbooks.diagnostics]),
    texts: new Map([...playbooks.texts, [file, text]]),
  };
}

function playbooksOnly(playbooks: ReadPlaybooks): Pick<Project, 'playbooks' | 'diagnostics' | 'texts'> {
  return { playbooks, diagnostics: playbooks.diagnostics, texts: playbooks.texts };
}
