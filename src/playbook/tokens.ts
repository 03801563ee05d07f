import type { CST } from 'yaml';
import { Lexer, Parser } from 'yaml';
import type { TextProblem } from './guards.ts';

const MAX_BYTES = 256 * 1024;
const MAX_DEPTH = 64;
/** After so many unquoted templates the rest of the text is not worth guessing at. */
const MAX_REPAIRS = 10;

export interface Tokens {
  /** Undefined when the text is refused as a whole. */
  readonly tokens?: readonly CST.Token[];
  /** Quoted scalars, as written. */
  readonly quoted: readonly Stretch[];
  /** Values that cannot be understood; what stands in their place in `tokens` means nothing. */
  readonly holes: readonly Stretch[];
  readonly problems: readonly TextProblem[];
}

export interface Stretch {
  readonly offset: number;
  readonly source: string;
}

/**
 * Text to concrete syntax, which is done without recursion: that is where size and depth are bounded. An unquoted
 * template would be read as a map in a map; it is reported, and filled in with a quoted text of the same length, so
 * that the rest of the file keeps its meaning and its places.
 */
export function tokenize(text: string, maxBytes = MAX_BYTES): Tokens {
  if (Buffer.byteLength(text) > maxBytes)
    return refused('too-large', `the file is larger than ${maxBytes / 1024} KiB`, 0);
  const problems: TextProblem[] = [];
  const holes: Stretch[] = [];
  let source = text;
  for (;;) {
    const attempt = read(source);
    if (attempt.kind === 'too-deep')
      return refused('too-deep', `more than ${MAX_DEPTH} levels of nesting`, attempt.offset);
    if (attempt.kind === 'read') return { tokens: attempt.tokens, quoted: attempt.quoted, holes, problems };
    const length = templateLength(source, attempt.offset, attempt.inFlow);
    const hole = { offset: attempt.offset, source: source.slice(attempt.offset, attempt.offset + length) };
    holes.push(hole);
    problems.push(unquoted(hole));
    if (holes.length > MAX_REPAIRS) return { quoted: [], holes, problems };
    source = source.slice(0, hole.offset) + `"${'_'.repeat(length - 2)}"` + source.slice(hole.offset + length);
  }
}

type Attempt =
  | { readonly kind: 'read'; readonly tokens: readonly CST.Token[]; readonly quoted: readonly Stretch[] }
  | { readonly kind: 'too-deep'; readonly offset: number }
  | { readonly kind: 'template'; readonly offset: number; readonly inFlow: boolean };

function read(source: string): Attempt {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  const quoted: Stretch[] = [];
  let braceBefore: number | undefined;
  for (const lexeme of new Lexer().lex(source)) {
    const { offset } = parser;
    if (lexeme === '{' && braceBefore === offset - 1) {
      return { kind: 'template', offset: braceBefore, inFlow: parser.stack.filter(isFlow).length > 1 };
    }
    braceBefore = lexeme === '{' ? offset : undefined;
    if (lexeme.startsWith('"') || lexeme.startsWith("'")) quoted.push({ offset, source: lexeme });
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH && parser.stack.filter(isCollection).length > MAX_DEPTH) {
      return { kind: 'too-deep', offset };
    }
  }
  tokens.push(...parser.end());
  return { kind: 'read', tokens, quoted };
}

function isFlow(token: CST.Token): boolean {
  return token.type === 'flow-collection';
}

function isCollection(token: CST.Token): boolean {
  return isFlow(token) || token.type === 'block-map' || token.type === 'block-seq';
}

/** To the end of the line; inside `{}` or `[]` only to the closing braces, since keys may follow. */
function templateLength(source: string, offset: number, inFlow: boolean): number {
  const lineEnd = source.indexOf('\n', offset);
  const line = source.slice(offset, lineEnd === -1 ? undefined : lineEnd);
  const close = line.indexOf('}}');
  const length = inFlow && close !== -1 ? close + 2 : line.trimEnd().length;
  return Math.max(2, length);
}

function unquoted(hole: Stretch): TextProblem {
  return {
    code: 'unquoted-template',
    message: 'a template must be quoted: without quotes, YAML reads {{ }} as a map',
    start: hole.offset,
    end: hole.offset + hole.source.length,
    hint: `write ${hole.source.includes('"') ? `'${hole.source}'` : `"${hole.source}"`}`,
  };
}

function refused(code: 'too-large' | 'too-deep', message: string, offset: number): Tokens {
  return { quoted: [], holes: [], problems: [{ code, message, start: offset, end: offset + 1 }] };
}
