import type { ASTNode } from '@marcbachmann/cel-js';
import type { BinaryOperator, Expr, LoopMacro } from './syntax.ts';
import { BINARY_OPERATORS, LOOP_MACROS } from './syntax.ts';

/** Carries a refusal out of the conversion, however deep it is. */
export class Refusal extends Error {
  readonly code: 'syntax' | 'too-complex';
  readonly start: number;
  readonly end: number;
  constructor(code: Refusal['code'], message: string, { start, end }: ASTNode) {
    super(message);
    this.code = code;
    this.start = start;
    this.end = end;
  }
}

/** From the parser's tree to ours. */
export class Converter {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }

  convert(node: ASTNode, depth: number): Expr {
    if (depth === 0) throw new Refusal('too-complex', 'the expression is nested too deep', node);
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
        throw new Refusal('syntax', 'optional access is not part of the language', node);
      default:
        return this.#binary(node, node.op, node.args, inner);
    }
  }

  #literal(node: ASTNode, value: ASTNodeLiteral): Expr {
    const { start, end } = node;
    if (typeof value === 'object' && value !== null) {
      throw new Refusal('syntax', 'bytes and unsigned numbers are not part of the language', node);
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
