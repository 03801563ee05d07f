import type { Catalogue } from '../action/connector.ts';
import type { Standing } from '../action/outcome.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { sortDiagnostics } from '../base/diagnostic.ts';
import { didYouMean } from '../base/did-you-mean.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { equalJson } from '../base/json.ts';
import { readDocument } from '../playbook/document.ts';
import { schemaDiagnostics } from '../playbook/schema-diagnostics.ts';
import { recorded as validate } from '../playbook/schemas.generated.js';

/** What products have answered, by action and input. */
export interface Recorded {
  /** A date or a time, as written. */
  readonly recorded: string;
  readonly answers: readonly RecordedAnswer[];
}

export interface RecordedAnswer {
  readonly action: string;
  readonly input?: JsonObject;
  readonly output?: Json;
  readonly standing?: Standing;
}

export function loadRecorded(
  file: string,
  text: string,
  catalogue: Catalogue,
): { readonly recorded?: Recorded; readonly diagnostics: readonly Diagnostic[] } {
  const document = readDocument(file, text);
  const diagnostics = [...document.diagnostics, ...schemaDiagnostics(document, validate)];
  const root = document.root as unknown as Recorded | undefined;
  if (root === undefined || diagnostics.length > 0) return { diagnostics: sortDiagnostics(diagnostics) };
  const names = [...catalogue.actions.keys()];
  for (const [index, { action }] of root.answers.entries()) {
    if (catalogue.actions.has(action)) continue;
    diagnostics.push({
      code: 'unknown-action',
      severity: 'error',
      message: `unknown action "${action}"${didYouMean(action, names)}`,
      span: document.spanOf(['answers', index, 'action']),
    });
  }
  return diagnostics.length > 0 ? { diagnostics: sortDiagnostics(diagnostics) } : { recorded: root, diagnostics: [] };
}

/** The first that was recorded for this very input, else for any. */
export function findRecorded(
  recorded: Recorded | undefined,
  action: string,
  input: Json,
  want: 'output' | 'standing',
): RecordedAnswer | undefined {
  const same = recorded?.answers.filter(answer => answer.action === action && answer[want] !== undefined) ?? [];
  return (
    same.find(answer => answer.input !== undefined && equalJson(answer.input, input)) ??
    same.find(answer => answer.input === undefined)
  );
}
