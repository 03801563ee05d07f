import type { YAMLError } from 'yaml';
import type { TextProblem } from './guards.ts';
import type { Stretch } from './tokens.ts';

/**
 * What yaml finds wrong, in our words and at the place to look at. It reports an unclosed quote where it ran out of
 * text; the mistake is where the quote was opened.
 */
export function syntaxProblem(error: YAMLError, text: string, { quoted, brackets }: Opened): TextProblem {
  const [start, end] = error.pos;
  const open = quoted.findLast(quote => quote.offset <= start && (isOpen(quote) || swallows(quote, start, text)));
  if (open !== undefined) {
    return {
      code: 'unclosed-quote',
      message: `this quote is not closed where its line ends`,
      start: open.offset,
      end: open.offset + 1,
      hint: `close it, or write a text of several lines after  |`,
    };
  }
  const bracket = /Flow (?:map|sequence)/.test(error.message)
    ? brackets.findLast(({ offset }) => offset < start)
    : undefined;
  if (bracket !== undefined) {
    const [at, close] = [bracket.offset, bracket.source === '{' ? '}' : ']'];
    return {
      code: 'yaml-syntax',
      message: `this "${bracket.source}" is not closed`,
      start: at,
      end: at + 1,
      hint: `close it with "${close}"`,
    };
  }
  return { code: 'yaml-syntax', message: sentence(error), start, end: Math.max(end, start + 1), ...hintFor(error) };
}

/** What was opened: quoted texts, and brackets that were not closed. */
export interface Opened {
  readonly quoted: readonly Stretch[];
  readonly brackets: readonly Stretch[];
}

function isOpen({ source }: Stretch): boolean {
  const quote = source.charAt(0);
  return source.length < 2 || !source.endsWith(quote) || (quote === '"' && /(?<!\\)(\\\\)*\\"$/.test(source));
}

/** A quote of several lines that ends right before the mistake has most likely eaten the opening quote of another. */
function swallows({ offset, source }: Stretch, start: number, text: string): boolean {
  const end = offset + source.length;
  return source.includes('\n') && end <= start && !text.slice(end, start).includes('\n');
}

function sentence(error: YAMLError): string {
  switch (error.code) {
    case 'NON_STRING_KEY':
      return 'a key must be a plain word';
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent; use spaces';
    case 'BAD_INDENT':
      return 'the indentation does not fit what is around it';
    case 'UNEXPECTED_TOKEN':
      return 'something follows a value that has ended already';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a second key on this line: a value that holds ": " must be quoted';
    default:
      return (
        error.message
          .split('\n')[0]
          ?.replace(/^./, letter => letter.toLowerCase())
          .replace(/\.$/, '') ?? 'not YAML'
      );
  }
}

function hintFor(error: YAMLError): { hint?: string } {
  return NEEDS_QUOTES.has(error.code) ? { hint: 'put the whole value in quotes' } : {};
}

const NEEDS_QUOTES: ReadonlySet<string> = new Set(['BAD_SCALAR_START', 'BLOCK_AS_IMPLICIT_KEY', 'UNEXPECTED_TOKEN']);
