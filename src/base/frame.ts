import type { Diagnostic, Severity } from './diagnostic.ts';
import { formatSpan } from './span.ts';

/** Colours, from outside: plain text is the default, and only the CLI knows about terminals. */
export interface Painter {
  severity(severity: Severity, text: string): string;
  faint(text: string): string;
}

const PLAIN: Painter = { severity: (_, text) => text, faint: text => text };

/** Longer lines are shown in part. In columns of the terminal. */
const MAX_WIDTH = 160;

/**
 * A diagnostic as people read it: what and where, the line in question with carets under the place, and the hint.
 * `text` is the whole file; without it only the first line and the hint are printed.
 *
 * ```
 * playbook.yaml:64:22: error: unknown input "sensr" of carbonblack.isolate-host; did you mean "sensor"? [unknown-input]
 *    |
 * 64 |             with: { sensr: 31 }
 *    |                     ^~~~~
 *    = inputs: sensor (integer, required, target)
 * ```
 */
export function formatFrame(diagnostic: Diagnostic, text?: string, painter: Painter = PLAIN): string {
  const { code, severity, message, span, hint } = diagnostic;
  const head = `${formatSpan(span)}: ${painter.severity(severity, severity)}: ${printable(message)} ${painter.faint(`[${code}]`)}`;
  const line = text === undefined ? undefined : withoutSecrets(text, [diagnostic]).split('\n')[span.start.line - 1];
  const number = String(span.start.line);
  const gutter = ' '.repeat(number.length + 1);
  const rows = [head];
  if (line !== undefined) {
    const isOneLine = span.end.line === span.start.line;
    const start = span.start.column - 1;
    const end = isOneLine ? span.end.column - 1 : line.trimEnd().length;
    const shown = underline(line.trimEnd(), start, end);
    rows.push(
      painter.faint(`${gutter}|`),
      `${painter.faint(`${number} |`)} ${shown.line}`.trimEnd(),
      `${painter.faint(`${gutter}|`)} ${shown.indent}${painter.severity(severity, shown.carets)}`,
    );
  }
  if (hint !== undefined)
    rows.push(
      ...printable(hint)
        .split('\n')
        .map(part => `${gutter}${painter.faint('=')} ${part}`),
    );
  return rows.join('\n');
}

const SECRET = new Set(['secret-literal', 'literal-secret']);

/**
 * E10: a secret in a file must not go on into a terminal or the log of a build, and neither must one that stands on the
 * line of another mistake. The same text with stars for what the diagnostics say is a secret; places stay as they are.
 */
export function withoutSecrets(text: string, diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .filter(({ code }) => SECRET.has(code))
    .reduce((shown, { span: { start, end } }) => {
      const stars = shown.slice(start.offset, end.offset).replaceAll(/[^\n]/g, '*');
      return shown.slice(0, start.offset) + stars + shown.slice(end.offset);
    }, text);
}

/** The line and what goes below it; a long line is cut to a window around the place. */
function underline(line: string, start: number, end: number): { line: string; indent: string; carets: string } {
  const before = printable(line.slice(0, start));
  const marked = printable(line.slice(start, end));
  const after = printable(line.slice(end));
  const width = widthOf(marked);
  const carets = `^${'~'.repeat(Math.max(0, Math.min(width, MAX_WIDTH) - 1))}`;
  if (widthOf(before) + width + widthOf(after) <= MAX_WIDTH) {
    return { line: before + marked + after, indent: ' '.repeat(widthOf(before)), carets };
  }
  const lead = before.length > 40 ? `…${before.slice(-40)}` : before;
  const rest = marked.length + after.length > 80 ? `${(marked + after).slice(0, 80)}…` : marked + after;
  return { line: lead + rest, indent: ' '.repeat(widthOf(lead)), carets: carets.slice(0, widthOf(rest)) };
}

/** Text that cannot move a cursor or recolour a terminal: a file may come from anybody. */
export function printable(text: string): string {
  return text.replaceAll('\t', '  ').replaceAll(/(?!\n)[\p{Cc}\p{Bidi_Control}\uFEFF]/gu, '·');
}

/** In columns of a terminal. */
function widthOf(text: string): number {
  let width = 0;
  for (const char of text) {
    if (/^\p{Mark}$/u.test(char) || char === '\u200D') continue;
    width += isWide(char.codePointAt(0) ?? 0) ? 2 : 1;
  }
  return width;
}

/** East Asian wide and full-width blocks, and emoji (Unicode 16, EastAsianWidth.txt, by block). */
function isWide(point: number): boolean {
  return WIDE.some(([first, last]) => point >= first && point <= last);
}

const WIDE: readonly (readonly [first: number, last: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];
