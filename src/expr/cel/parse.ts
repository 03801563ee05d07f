import { Environment, ParseError } from '@marcbachmann/cel-js';
import { Lru } from '../lru.ts';
import { Converter, Refusal } from './convert.ts';
import { inPlainWords } from './parser-words.ts';
import type { Expr } from './syntax.ts';

const MAX_LENGTH = 8 * 1_024;
const MAX_DEPTH = 100;
// `!` and `-` are the only recursion of the parser that its own limits do not bound.
const MAX_UNARY = 1_000;

export type Parsed =
  | { readonly kind: 'parsed'; readonly expr: Expr }
  | {
      readonly kind: 'refused';
      readonly code: 'syntax' | 'too-complex';
      readonly message: string;
      readonly start: number;
      readonly end: number;
    };

type Refused = Extract<Parsed, { readonly kind: 'refused' }>;

const cache = new Lru<Parsed>(1_000);
const environment = new Environment({
  unlistedVariablesAreDyn: true,
  limits: {
    maxDepth: MAX_DEPTH,
    maxAstNodes: 10_000,
    maxListElements: 1_000,
    maxMapEntries: 1_000,
    maxCallArguments: 32,
  },
});

/** Reads an expression; a text is read once. At most 8 KiB, nested at most 100 deep. */
export function parseCel(text: string): Parsed {
  return text.length > MAX_LENGTH
    ? tooComplex(`the expression is longer than ${MAX_LENGTH} characters`, text)
    : cache.get(text, parse);
}

function parse(text: string): Parsed {
  if (countUnary(text) > MAX_UNARY) return tooComplex(`more than ${MAX_UNARY} signs "!" and "-"`, text);
  try {
    return { kind: 'parsed', expr: new Converter(text).convert(environment.parse(text).ast, MAX_DEPTH) };
  } catch (error) {
    if (error instanceof Refusal)
      return { kind: 'refused', code: error.code, message: error.message, start: error.start, end: error.end };
    if (error instanceof ParseError) return explain(error, text);
    throw error;
  }
}

function countUnary(text: string): number {
  let count = 0;
  for (const char of text) if (char === '!' || char === '-') count++;
  return count;
}

function tooComplex(message: string, text: string): Refused {
  return { kind: 'refused', code: 'too-complex', message, start: 0, end: text.length };
}

function explain(error: ParseError, text: string): Refused {
  const start = Math.min(error.range?.start ?? 0, text.length);
  const end = Math.min(Math.max(error.range?.end ?? start, start + 1), Math.max(text.length, start));
  if (error.code === 'limit_exceeded') {
    return {
      kind: 'refused',
      code: 'too-complex',
      message: 'the expression is nested too deep or too long',
      start,
      end,
    };
  }
  return { kind: 'refused', code: 'syntax', message: inPlainWords(error), start, end };
}
