import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors, sortDiagnostics } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { CHECKS } from './checks/checks.ts';
import { CODES } from './codes.ts';
import { contextOf } from './context.ts';
import { readDocument } from './document.ts';
import { expressionFindings } from './expression-findings.ts';
import type { CodedFinding } from './finding.ts';
import { loadList } from './lists.ts';
import { parsePlaybook } from './parse.ts';
import type { List, Playbook } from './playbook.ts';
import { schemaDiagnostics } from './schema-diagnostics.ts';
import { playbook as validate } from './schemas.generated.js';

export type { Playbook } from './playbook.ts';

/** The texts a playbook is made of. */
export interface Sources {
  readonly file: string;
  readonly text: string;
  /** The name of the folder it is in, which `playbook:` must equal. */
  readonly folder?: string;
  /** The project's file lists, by name. */
  readonly lists?: ReadonlyMap<string, { readonly file: string; readonly text: string }>;
}

export interface Loaded {
  /** Undefined if there is any error. */
  readonly playbook?: Playbook;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What `backline.yaml` says of this playbook. */
export interface Environment {
  readonly params?: { readonly [id: string]: Json };
}

/**
 * Text to checked playbook. In come texts, the catalogue of actions and event types, and what the environment sets;
 * out go a playbook that can be run, or all that is wrong with it, at once and with places. Never throws, never hangs,
 * touches nothing.
 *
 * text → tokens → document → schema → parse → references → checks: each stage goes on with what the one before it
 * understood, so that one mistake does not hide another.
 */
export function loadPlaybook(sources: Sources, catalogue: Catalogue, environment?: Environment): Loaded {
  const document = readDocument(sources.file, sources.text);
  const diagnostics: Diagnostic[] = [...document.diagnostics, ...schemaDiagnostics(document, validate)];
  if (document.root === undefined) return { diagnostics: sortDiagnostics(diagnostics) };
  const lists = new Map<string, List>();
  for (const [name, { file, text }] of sources.lists ?? []) {
    const loaded = loadList(file, text);
    diagnostics.push(...loaded.diagnostics);
    if (loaded.list !== undefined) lists.set(name, loaded.list);
  }
  const add = (finding: CodedFinding) => diagnostics.push({ severity: CODES[finding.code].severity, ...finding });
  const parsed = parsePlaybook(document, lists, add);
  const context = contextOf({
    document,
    parsed,
    catalogue,
    found: diagnostics,
    folder: sources.folder,
    params: environment?.params,
  });
  for (const finding of expressionFindings(context)) add(finding);
  for (const check of CHECKS) for (const finding of check.run(context)) add({ code: check.code, ...finding });
  const sorted = sortDiagnostics(diagnostics);
  return hasErrors(sorted) ? { diagnostics: sorted } : { playbook: parsed.playbook, diagnostics: sorted };
}
