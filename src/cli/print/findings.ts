import type { Diagnostic, Severity } from '../../base/diagnostic.ts';
import { formatDiagnosticLine } from '../../base/diagnostic.ts';
import { formatFrame, printable, withoutSecrets } from '../../base/frame.ts';
import type { Paint } from './painter.ts';
import { oneLine } from './printable.ts';

export const FINDING_FORMATS = ['pretty', 'compact', 'json', 'github'] as const;
export type FindingFormat = (typeof FINDING_FORMATS)[number];

/** What was found, and the texts it was found in, by file. */
export interface Findings {
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** Without a line end; empty if there is nothing to say. */
export function printFindings({ diagnostics, texts }: Findings, format: FindingFormat, paint: Paint): string {
  switch (format) {
    case 'pretty': {
      const shown = new Map([...texts].map(([file, text]) => [file, withoutSecrets(text, inFile(diagnostics, file))]));
      return diagnostics
        .map(diagnostic => formatFrame(diagnostic, shown.get(diagnostic.span.file), paint))
        .join('\n\n');
    }
    case 'compact':
      return diagnostics.map(diagnostic => oneLine(formatDiagnosticLine(diagnostic))).join('\n');
    case 'json':
      return JSON.stringify({ diagnostics, counts: countBySeverity(diagnostics) }, undefined, 2);
    case 'github':
      return diagnostics.map(annotation).join('\n');
  }
}

function inFile(diagnostics: readonly Diagnostic[], file: string): readonly Diagnostic[] {
  return diagnostics.filter(({ span }) => span.file === file);
}

/** `2 errors, 1 warning in 3 files`, or that there is nothing. */
export function summaryLine(diagnostics: readonly Diagnostic[], files: number, paint: Paint): string {
  const counts = countBySeverity(diagnostics);
  const found = (['error', 'warning', 'info'] as const)
    .filter(severity => counts[severity] > 0)
    .map(severity => paint.severity(severity, plural(counts[severity], severity === 'info' ? 'remark' : severity)));
  const checked = `${plural(files, 'file')} checked`;
  return found.length === 0 ? `${paint.good('nothing found')}, ${checked}` : `${found.join(', ')}, ${checked}`;
}

export function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const SEVERITIES: readonly Severity[] = ['info', 'warning', 'error'];

/** Whether any is at least as grave as the level. */
export function reaches(diagnostics: readonly Diagnostic[], level: Severity): boolean {
  return diagnostics.some(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(level));
}

function countBySeverity(diagnostics: readonly Diagnostic[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of diagnostics) counts[severity]++;
  return counts;
}

/** GitHub's workflow command (docs.github.com, "Workflow commands for GitHub Actions"). */
function annotation({ severity, code, message, hint, span }: Diagnostic): string {
  const kind = severity === 'info' ? 'notice' : severity;
  const place = [
    `file=${property(span.file)}`,
    `line=${span.start.line}`,
    `col=${span.start.column}`,
    `endLine=${span.end.line}`,
    `endColumn=${span.end.column}`,
    `title=${property(code)}`,
  ];
  const text = hint === undefined ? message : `${message}\n${hint}`;
  return `::${kind} ${place.join(',')}::${escape(printable(text))}`;
}

function escape(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return escape(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
