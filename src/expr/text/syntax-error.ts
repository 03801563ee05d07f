interface SyntaxProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly hint?: string;
}

/** Where a Handlebars syntax error is and what it says, in the reader's words. */
export function locateSyntaxError(text: string, error: unknown): SyntaxProblem {
  const words = error instanceof Error ? error.message : String(error);
  const mismatch = /^(\S+) doesn't match (\S+) - (\d+):(\d+)$/.exec(words);
  if (mismatch !== null) {
    const start = offsetOf(text, Number(mismatch[3]), Number(mismatch[4]));
    return {
      message: `{{#${mismatch[1]}}} is closed by {{/${mismatch[2]}}}`,
      start,
      end: Math.min(text.length, start + 1),
    };
  }
  const start = Math.max(0, findPointer(text, words) ?? text.indexOf('{{'));
  const place = { start, end: Math.min(text.length, start + 1) };
  if (words.endsWith("got 'EOF'")) return { message: 'a block or an expression is not closed', ...place };
  const hint = hintFor(text, start);
  const message = 'not a template: this cannot stand in {{ }}';
  return hint === undefined ? { message, ...place } : { message, ...place, hint };
}

/** What is usually meant, by what stands between the braces. */
function hintFor(text: string, at: number): string | undefined {
  const open = text.lastIndexOf('{{', Math.min(text.length, at + 2));
  const close = text.indexOf('}}', Math.max(open, 0));
  if (open < 0) return undefined;
  const inside = text.slice(open + 2, close < 0 ? text.length : close).slice(0, 500);
  if (/[\w)]\s*\|\s*\w/.test(inside)) return 'helpers come first, as in {{default x "…"}}, {{lower x}} or {{join xs}}';
  if (/\w\[\d+\]/.test(inside)) return 'a list position is written xs.[0]';
  if (/[=<>&|!+*?]/.test(inside)) return 'comparisons and logic are expressions: name them in `vars`';
  if (/\w\[/.test(inside)) return 'a field with an odd name is written x.[odd-name]';
  return undefined;
}

function offsetOf(text: string, line: number, column: number): number {
  const starts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map(match => match.index + match[0].length)];
  return Math.min(text.length, (starts[line - 1] ?? 0) + column);
}

/**
 * The parser tells no offset, but prints up to 20 characters on either side of it, newlines left out, with a line of
 * dashes up to it below. The place is where the text, printed so, is the same.
 */
function findPointer(text: string, words: string): number | undefined {
  const [, context = '', pointer = ''] = words.split('\n');
  const width = pointer.indexOf('^');
  if (width < 0) return undefined;
  for (let offset = 0; offset <= text.length; offset++) {
    const past = text.slice(Math.max(0, offset - 20), offset).replaceAll('\n', '');
    const before = (offset > 20 ? '...' : '') + past;
    if (before.length !== width || !context.startsWith(before)) continue;
    const next = text.slice(offset, offset + 20).replaceAll('\n', '');
    if (context.slice(width).startsWith(next)) return offset;
  }
  return undefined;
}
