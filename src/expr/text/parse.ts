import type { Program } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import { parse as parseHandlebars } from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import { Lru } from '../lru.ts';
import type { Place } from '../problems.ts';
import { problemAt } from '../problems.ts';
import type { ExprProblem, ExprProblemCode } from '../types.ts';
import { Converter } from './convert.ts';
import { locateSyntaxError } from './syntax-error.ts';
import type { TextExpr, TextNode } from './syntax.ts';

const MAX_LENGTH = 64 * 1_024;
// Both nest. The parser's passes are recursive, and its time grows with the square of the depth.
const MAX_BLOCKS = 500;
const MAX_PARENTHESES = 500;

interface Template {
  readonly nodes: readonly TextNode[];
  /** Of a text that is one expression, which keeps the value's type. */
  readonly lone: TextExpr | undefined;
  /** Only white space stands beside the one expression, which makes a text of its value. */
  readonly isSpaced: boolean;
  /** What is not Handlebars, or not of the Handlebars that the language has. Nothing is rendered then. */
  readonly problems: readonly ExprProblem[];
}

const cache = new Lru<Template>(1_000);

/** Reads a text; it is read once. At most 64 KiB. */
export function parseTemplate(text: string): Template {
  if (text.length > MAX_LENGTH) return tooComplex(`more than ${MAX_LENGTH} characters`, text);
  return cache.get(text, parse);
}

function parse(text: string): Template {
  if (!text.includes('{{'))
    return { nodes: [{ kind: 'content', text }], lone: undefined, isSpaced: false, problems: [] };
  if (count(text, /\{\{\{?\{?~?\s*(?:[#^]|else)/g) > MAX_BLOCKS)
    return tooComplex(`more than ${MAX_BLOCKS} blocks`, text);
  if (count(text, /\(/g) > MAX_PARENTHESES) return tooComplex(`more than ${MAX_PARENTHESES} parentheses`, text);
  let program: Program;
  try {
    program = parseHandlebars(text);
  } catch (error) {
    // The parser throws nothing but its complaints about the text, as plain errors.
    const { message, start, end, hint } = locateSyntaxError(text, error);
    return refused('syntax', message, { start, end }, hint);
  }
  const converter = new Converter(text);
  const nodes = converter.nodes(program);
  return { nodes, ...loneliness(nodes), problems: converter.problems };
}

function refused(code: ExprProblemCode, message: string, place: Place, hint?: string): Template {
  return { nodes: [], lone: undefined, isSpaced: false, problems: [problemAt(place, code, message, hint)] };
}

function tooComplex(what: string, text: string): Template {
  return refused('too-complex', `the text has ${what}`, { start: 0, end: text.length });
}

function count(text: string, pattern: RegExp): number {
  return Array.from(text.matchAll(pattern)).length;
}

/** Whether a text is one expression; the newline at the end of a block scalar does not count. */
function loneliness(nodes: readonly TextNode[]): Pick<Template, 'lone' | 'isSpaced'> {
  const [only, ...more] = nodes.filter(node => node.kind !== 'content');
  const isAlone = only?.kind === 'output' && more.length === 0;
  if (!isAlone || nodes.some(node => node.kind === 'content' && node.text.trim() !== '')) {
    return { lone: undefined, isSpaced: false };
  }
  return isFinalNewline(nodes, only) ? { lone: only.value, isSpaced: false } : { lone: undefined, isSpaced: true };
}

/** A YAML block scalar ends with a newline that nobody wrote on purpose. */
function isFinalNewline(nodes: readonly TextNode[], only: TextNode): boolean {
  const after = nodes.slice(1).map(node => (node.kind === 'content' ? node.text : ''));
  return nodes[0] === only && ['', '\n', '\r\n'].includes(after.join(''));
}
