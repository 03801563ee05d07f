import type { Catalogue } from '../action/connector.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { hasErrors, sortDiagnostics } from '../base/diagnostic.ts';
import type { Json } from '../base/json.ts';
import { CHECKS } from './checks/checks.ts';
import { CODES } from './codes.ts';
import { contextOf } from './context.ts';
import type { Document } from './document.ts';
import { readDocument } from './document.ts';
import { expressionFindings } from './expression-findings.ts';
import type { CodedFinding } from './finding.ts';
import { loadList } from './lists.ts';
import type { Unversioned } from './parse.ts';
import { usedLocalEvents } from './used-events.ts';
import { parsePlaybook } from './parse.ts';
import type { List, Playbook, Trigger } from './playbook.ts';
import { schemaDiagnostics } from './schema-diagnostics.ts';
import { playbook as validate } from './schemas.generated.js';
import type { SigmaFiles } from './sigma-files.ts';
import { rulesFor } from './sigma-files.ts';
import { usedLists } from './used-lists.ts';
import { versionOf } from './version.ts';

export type { Playbook } from './playbook.ts';

/** The texts a playbook is made of. */
export interface Sources {
  readonly file: string;
  readonly text: string;
  /** The name of the folder it is in, which `playbook:` must equal. */
  readonly folder?: string;
  /** The project's file lists, by name. */
  readonly lists?: ReadonlyMap<string, { readonly file: string; readonly text: string }>;
  /** The project's Sigma rule files, by their paths. */
  readonly sigma?: SigmaFiles;
}

export interface Loaded {
  /** Undefined if there is any error. */
  readonly playbook?: Playbook;
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What the files beside it say of this playbook. */
export interface Environment {
  readonly params?: { readonly [id: string]: Json };
  /** Names of the windows of guardrails.yaml. */
  readonly windows?: readonly string[];
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
  const diagnostics = [...document.diagnostics, ...tooMany(document)];
  if (document.root === undefined || document.size > MAX_VALUES) return { diagnostics: sortDiagnostics(diagnostics) };
  diagnostics.push(...schemaDiagnostics(document, validate));
  const add = (finding: CodedFinding) => diagnostics.push({ severity: CODES[finding.code].severity, ...finding });
  const parsed = parsePlaybook(document, add);
  const { lists, diagnostics: inLists } = loadLists(sources, usedLists(parsed.playbook, environment?.params));
  diagnostics.push(...inLists);
  const ruled = withRules(parsed.playbook, sources.sigma ?? new Map());
  diagnostics.push(...ruled.diagnostics);
  const { triggers } = ruled;
  const version = versionOf(sources.text, { lists, events: usedLocalEvents(parsed.playbook, catalogue), triggers });
  const playbook: Playbook = { ...parsed.playbook, triggers, version, lists: Object.fromEntries(lists) };
  const context = contextOf({
    document,
    playbook,
    parsed,
    catalogue,
    found: diagnostics,
    folder: sources.folder,
    params: environment?.params,
    windows: environment?.windows,
    listNames: new Set(sources.lists?.keys()),
  });
  for (const finding of expressionFindings(context)) add(finding);
  for (const check of CHECKS) for (const finding of check.run(context)) add({ code: check.code, ...finding });
  const sorted = sortDiagnostics(diagnostics);
  return hasErrors(sorted) ? { diagnostics: sorted } : { playbook, diagnostics: sorted };
}

/** The rules that triggers name are part of the playbook. */
function withRules(
  { triggers }: Unversioned,
  files: SigmaFiles,
): { readonly triggers: Playbook['triggers']; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const filled = triggers.map((trigger): Trigger => {
    if (trigger.kind !== 'sigma') return trigger;
    const { diagnostics: own, ...found } = rulesFor(trigger.glob.text, files);
    diagnostics.push(...own);
    return { ...trigger, ...found };
  });
  return { triggers: filled, diagnostics };
}

/** Far beyond what people read, and what bounds the stages that compare everything with everything. */
const MAX_VALUES = 4_000;

function tooMany(document: Document): Diagnostic[] {
  if (document.size <= MAX_VALUES) return [];
  const message = `the playbook has more than ${MAX_VALUES} values`;
  return [
    {
      code: 'too-large',
      severity: 'error',
      message,
      span: document.keySpanOf([]),
      hint: 'long lists of values belong into a file of their own: lists/<name>.yaml',
    },
  ];
}

function loadLists(
  sources: Sources,
  names: ReadonlySet<string>,
): { lists: Map<string, List>; diagnostics: Diagnostic[] } {
  const lists = new Map<string, List>();
  const diagnostics: Diagnostic[] = [];
  for (const [name, { file, text }] of sources.lists ?? []) {
    if (!names.has(name)) continue;
    const loaded = loadList(file, text);
    diagnostics.push(...loaded.diagnostics);
    if (loaded.list !== undefined) lists.set(name, loaded.list);
  }
  return { lists, diagnostics };
}
