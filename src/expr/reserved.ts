/** The names an expression can begin with (LANGUAGE 4.1), beside the `as:` names of loops. */
export const RESERVED_ROOTS = [
  'event',
  'events',
  'params',
  'inputs',
  'vars',
  'enrich',
  'verdict',
  'steps',
  'outcome',
  'run',
  'now',
  'result',
  'arrived',
] as const;

// google/cel-spec, doc/langdef.md, "Syntax": IDENT excludes these.
const CEL_WORDS = [
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
];
const HANDLEBARS_WORDS = ['this', 'else', 'each', 'if', 'unless', 'true', 'false', 'null', 'undefined'];

// The parser refuses `prototype` and `__proto__` as names too; only the first could be an id.
const RESERVED: ReadonlySet<string> = new Set([...RESERVED_ROOTS, ...CEL_WORDS, ...HANDLEBARS_WORDS, 'prototype']);

/** Whether a word cannot be an id, because expressions or templates already mean something by it (LANGUAGE 2). */
export function isReservedId(word: string): boolean {
  return RESERVED.has(word);
}
