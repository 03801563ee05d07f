import type { ParseError } from '@marcbachmann/cel-js';

const TOKENS: Readonly<Record<string, string>> = {
  EOF: 'the end',
  NUMBER: 'a number',
  STRING: 'a text',
  BYTES: 'bytes',
  BOOLEAN: 'true or false',
  NULL: 'null',
  IDENTIFIER: 'a name',
  PLUS: '"+"',
  MINUS: '"-"',
  MULTIPLY: '"*"',
  DIVIDE: '"/"',
  MODULO: '"%"',
  EQ: '"=="',
  NE: '"!="',
  LT: '"<"',
  LE: '"<="',
  GT: '">"',
  GE: '">="',
  AND: '"&&"',
  OR: '"||"',
  NOT: '"!"',
  IN: '"in"',
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  DOT: '"."',
  COMMA: '","',
  COLON: '":"',
  QUESTION: '"?"',
};

/** The parser's words for tokens, in the reader's. */
export function inPlainWords(error: ParseError): string {
  const { summary } = error;
  const expected = /^Expected (\w+), got (\w+)$/.exec(summary);
  if (expected !== null) return `expected ${token(expected[1])}, found ${token(expected[2])}`;
  const unexpected = /^Unexpected token: (\w+)$/.exec(summary);
  if (unexpected !== null)
    return unexpected[1] === 'EOF' ? 'the expression is not complete' : `unexpected ${token(unexpected[1])}`;
  if (error.code === 'invalid_macro_argument') return 'the first argument must be a plain name for the item';
  return summary.slice(0, 1).toLowerCase() + summary.slice(1);
}

function token(name: string | undefined): string {
  return TOKENS[name ?? ''] ?? 'something else';
}
