import type { Span } from './span.ts';
import { formatSpan } from './span.ts';

export type Severity = 'error' | 'warning' | 'info';

/** A mistake of the user's. Never thrown: loading collects all of them (DESIGN 4, principle 2). */
export interface Diagnostic {
  /** Stable kebab-case word; names its check, its golden pair and its page in docs/reference/diagnostics. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, in one sentence without a full stop. */
  readonly message: string;
  readonly span: Span;
  /** What would be right. */
  readonly hint?: string;
}

/** Sorted by file and place, so that output does not depend on the order of the checks. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.toSorted(
    (a, b) =>
      compareText(a.span.file, b.span.file) ||
      a.span.start.offset - b.span.start.offset ||
      compareText(a.code, b.code) ||
      compareText(a.message, b.message),
  );
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(diagnostic => diagnostic.severity === 'error');
}

/** One line: `file:line:column: error: message [code]`. */
export function formatDiagnosticLine(diagnostic: Diagnostic): string {
  const { span, severity, message, code } = diagnostic;
  return `${formatSpan(span)}: ${severity}: ${message} [${code}]`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
