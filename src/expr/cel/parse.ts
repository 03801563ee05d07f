import type { ASTNode } from '@marcbachmann/cel-js';
import { Environment, ParseError } from '@marcbachmann/cel-js';
import { Lru } from '../lru.ts';
import type { BinaryOperator, Expr, LoopMacro } from './syntax.ts';
import { BINARY_OPERATORS, LOOP_MACROS } from './syntax.ts';

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
    if (error instanceof Refusal) return error.refused;
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
  return { kind: 'refused', code: 'syntax', message: plain(error), start, end };
}

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
function plain(error: ParseError): string {
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

/** Carries a refusal out of the conversion, however deep it is. */
class Refusal extends Error {
  readonly refused: Refused;
  constructor(refused: Refused) {
    super(refused.message);
    this.refused = refused;
  }
}

/** From the parser's tree to ours. */
class Converter {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }

  convert(node: ASTNode, depth: number): Expr {
    if (depth === 0) throw this.#refusal('too-complex', `the expression is nested more than ${MAX_DEPTH} deep`, node);
    const inner = (child: ASTNode) => this.convert(child, depth - 1);
    const { start, end } = node;
    switch (node.op) {
      case 'value':
        return this.#literal(node, node.args);
      case 'id':
        return { kind: 'name', start, end, name: node.args };
      case '.':
        return this.#wide({
          kind: 'field',
          of: inner(node.args[0]),
          field: node.args[1],
          fieldStart: node.pos,
          start,
          end,
        });
      case '[]':
        return this.#wide({ kind: 'index', of: inner(node.args[0]), index: inner(node.args[1]), start, end });
      case 'list':
        return { kind: 'list', start, end, items: node.args.map(inner) };
      case 'map':
        return { kind: 'map', start, end, entries: node.args.map(([key, value]) => [inner(key), inner(value)]) };
      case '!_':
        return this.#wide({ kind: 'not', start, end, of: inner(node.args) });
      case '-_':
        return this.#wide({ kind: 'negate', start, end, of: inner(node.args) });
      case '&&':
        return this.#wide({ kind: 'and', start, end, parts: flatten(node, '&&').map(inner) });
      case '||':
        return this.#wide({ kind: 'or', start, end, parts: flatten(node, '||').map(inner) });
      case '?:': {
        const [condition, whenTrue, whenFalse] = node.args;
        return this.#wide({
          kind: 'choice',
          start,
          end,
          condition: inner(condition),
          whenTrue: inner(whenTrue),
          whenFalse: inner(whenFalse),
        });
      }
      case 'call':
        return { kind: 'call', start, end, name: node.args[0], receiver: undefined, args: node.args[1].map(inner) };
      case 'rcall':
        return this.#method(node, node.args, inner);
      case '.?':
      case '[?]':
        throw this.#refusal('syntax', 'optional access is not part of the language', node);
      default:
        return this.#binary(node, node.op, node.args, inner);
    }
  }

  #literal(node: ASTNode, value: ASTNodeLiteral): Expr {
    const { start, end } = node;
    if (typeof value === 'object' && value !== null) {
      throw this.#refusal('syntax', 'bytes and unsigned numbers are not part of the language', node);
    }
    return { kind: 'literal', start, end, value };
  }

  #method(
    node: ASTNode,
    [name, target, args]: readonly [string, ASTNode, readonly ASTNode[]],
    inner: (child: ASTNode) => Expr,
  ): Expr {
    const { start, end } = node;
    const receiver = inner(target);
    const items = args.map(inner);
    const [variable, second, third] = items;
    if (
      isLoopMacro(name) &&
      variable?.kind === 'name' &&
      second !== undefined &&
      items.length === (third === undefined ? 2 : 3)
    ) {
      if (third === undefined || name === 'map') {
        const [where, body] = third === undefined ? [undefined, second] : [second, third];
        return this.#wide({
          kind: 'loop',
          start,
          end,
          macro: name,
          over: receiver,
          variable: variable.name,
          where,
          body,
        });
      }
    }
    return this.#wide({ kind: 'call', start, end, name, receiver, args: items });
  }

  #binary(
    node: ASTNode,
    operator: BinaryOperator,
    [left, right]: readonly [ASTNode, ASTNode],
    inner: (child: ASTNode) => Expr,
  ): Expr {
    if (!BINARY_OPERATORS.includes(operator))
      throw new Error(`the parser knows an operator that we do not: ${operator}`);
    return this.#wide({
      kind: 'binary',
      start: node.start,
      end: node.end,
      operator,
      left: inner(left),
      right: inner(right),
    });
  }

  /** The parser drops parentheses, so that `(a || b) && c` would begin at `a`: take in those around the outer parts. */
  #wide<E extends Expr>(expr: E): E {
    const [first, last] = outerParts(expr);
    const start = first === undefined ? expr.start : this.#withParentheses(first).start;
    const end = last === undefined ? expr.end : this.#withParentheses(last).end;
    return { ...expr, start: Math.min(start, expr.start), end: Math.max(end, expr.end) };
  }

  #withParentheses(part: Expr): { readonly start: number; readonly end: number } {
    let { start, end } = part;
    for (;;) {
      const before = skipBack(this.#text, start);
      const after = skipForward(this.#text, end);
      if (this.#text[before] !== '(' || this.#text[after] !== ')' || isCall(this.#text, before)) return { start, end };
      start = before;
      end = after + 1;
    }
  }

  #refusal(code: Refused['code'], message: string, { start, end }: ASTNode): Refusal {
    return new Refusal({ kind: 'refused', code, message, start, end });
  }
}

type ASTNodeLiteral = Extract<ASTNode, { readonly op: 'value' }>['args'];

/** `a && b && c` is a left-leaning tree as deep as it is long; as one list it is not. */
function flatten(node: ASTNode, op: '&&' | '||'): ASTNode[] {
  const parts: ASTNode[] = [];
  let current = node;
  while (current.op === op) {
    parts.push(current.args[1]);
    current = current.args[0];
  }
  parts.push(current);
  return parts.toReversed();
}

/** The parts that stand at the left and the right end of an expression, where they carry no delimiter of their own. */
function outerParts(expr: Expr): readonly [first: Expr | undefined, last: Expr | undefined] {
  switch (expr.kind) {
    case 'field':
    case 'index':
      return [expr.of, undefined];
    case 'not':
    case 'negate':
      return [undefined, expr.of];
    case 'and':
    case 'or':
      return [expr.parts[0], expr.parts.at(-1)];
    case 'choice':
      return [expr.condition, expr.whenFalse];
    case 'binary':
      return [expr.left, expr.right];
    case 'call':
      return [expr.receiver, undefined];
    case 'loop':
      return [expr.over, undefined];
    case 'literal':
    case 'name':
    case 'list':
    case 'map':
      return [undefined, undefined];
  }
}

function isLoopMacro(name: string): name is LoopMacro {
  return (LOOP_MACROS as readonly string[]).includes(name);
}

function isCall(text: string, parenthesis: number): boolean {
  const before = skipBack(text, parenthesis);
  const word = /[A-Za-z0-9_]+$/.exec(text.slice(Math.max(0, before - 63), before + 1))?.[0];
  return word !== undefined && word !== 'in';
}

function skipBack(text: string, from: number): number {
  let index = from - 1;
  while (index >= 0 && isSpace(text[index])) index--;
  return index;
}

function skipForward(text: string, from: number): number {
  let index = from;
  while (index < text.length && isSpace(text[index])) index++;
  return index;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\t' || char === '\n' || char === '\r';
}
