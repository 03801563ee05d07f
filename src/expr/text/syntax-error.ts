/** Where a Handlebars syntax error is and what it says, in the reader's words. */
export function locateSyntaxError(text: string, error: unknown): { message: string; start: number; end: number } {
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
  const start = findPointer(text, words) ?? text.indexOf('{{');
  const message = words.endsWith("got 'EOF'")
    ? 'a block or an expression is not closed'
    : 'not a template: unexpected text in {{ }}';
  return { message, start, end: Math.min(text.length, start + 1) };
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
