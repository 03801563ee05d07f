import type {
  Block,
  Expression,
  Mustache,
  Place,
  Program,
  Statement,
} from 'handlebars/dist/cjs/handlebars/compiler/base.js';
import { nearest } from '../../base/did-you-mean.ts';
import { problemAt } from '../problems.ts';
import type { ExprProblem, ExprProblemCode } from '../types.ts';
import { ARITY, HELPER_NAMES, isHelper } from './helper-names.ts';
import type { TextExpr, TextNode } from './syntax.ts';

const MAX_DEPTH = 16;
const DEFAULT_MAX_ROUNDS = 100;

interface Located {
  readonly loc: { readonly start: Place; readonly end: Place };
}

/** From Handlebars' tree to ours; what ours has no word for is left out and becomes a problem. */
export class Converter {
  readonly problems: ExprProblem[] = [];
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.#lineStarts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map(match => match.index + match[0].length)];
  }

  nodes(program: Program): TextNode[] {
    return this.#nodes(program, false, MAX_DEPTH);
  }

  #nodes(program: Program | undefined, inEach: boolean, depth: number): TextNode[] {
    if (program === undefined) return [];
    return program.body.flatMap(statement => this.#statement(statement, inEach, depth) ?? []);
  }

  #statement(statement: Statement, inEach: boolean, depth: number): TextNode | undefined {
    switch (statement.type) {
      case 'ContentStatement':
        return statement.value === '' ? undefined : { kind: 'content', text: statement.value };
      case 'CommentStatement':
        return undefined;
      case 'MustacheStatement':
        return this.#output(statement, inEach);
      case 'BlockStatement':
        if (depth > 0) return this.#block(statement, inEach, depth);
        this.#say('too-complex', `blocks are nested more than ${MAX_DEPTH} deep`, statement);
        return undefined;
      case 'PartialStatement':
      case 'PartialBlockStatement':
        return this.#refuse(
          'there are no partials',
          statement,
          'use `call` to share steps, and `vars` to share expressions',
        );
      case 'Decorator':
      case 'DecoratorBlock':
        return this.#refuse('there are no decorators', statement);
    }
  }

  #output(mustache: Mustache, inEach: boolean): TextNode | undefined {
    if (!mustache.escaped) {
      return this.#refuse('no triple braces: nothing is escaped here, so two are enough', mustache, 'write {{ }}');
    }
    const value = this.#invocation(mustache, inEach, MAX_DEPTH);
    return value === undefined ? undefined : { kind: 'output', value, ...this.#place(mustache) };
  }

  #block(block: Block, inEach: boolean, depth: number): TextNode | undefined {
    const name = block.path.type === 'PathExpression' ? block.path.original : '';
    const place = this.#place(block);
    if (name !== 'if' && name !== 'unless' && name !== 'each') {
      return this.#refuse(`there is no block "${name}"`, block, 'blocks are #if, #unless and #each');
    }
    if (block.program === undefined)
      return this.#refuse('no inverted blocks', block, name === 'if' ? 'write {{#unless}}' : 'write {{else}}');
    if (block.program.blockParams !== undefined || block.inverse?.blockParams !== undefined) {
      return this.#refuse('no names for items', block, 'the item is `this`');
    }
    const [subject, ...rest] = block.params;
    if (subject === undefined || rest.length > 0) {
      return this.#refuse(`#${name} takes one value`, block, 'compare with (is a b); name more in `vars`');
    }
    const value = this.#expression(subject, inEach, MAX_DEPTH);
    const max = this.#max(block, name);
    const body = this.#nodes(block.program, inEach || name === 'each', depth - 1);
    const otherwise = block.inverse === undefined ? undefined : this.#nodes(block.inverse, inEach, depth - 1);
    if (value === undefined) return undefined;
    if (name === 'each') return { kind: 'each', over: value, max, body, otherwise, ...place };
    return {
      kind: 'if',
      negated: name === 'unless',
      condition: value,
      whenTrue: body,
      whenFalse: otherwise ?? [],
      ...place,
    };
  }

  #max(block: Block, name: string): number {
    let max = DEFAULT_MAX_ROUNDS;
    for (const pair of block.hash?.pairs ?? []) {
      const { key, value } = pair;
      if (name !== 'each' || key !== 'max') this.#refuse(`#${name} has no option "${key}"`, pair);
      else if (value.type !== 'NumberLiteral' || !Number.isInteger(value.value) || value.value < 1) {
        this.#refuse('max is a whole number, written out', pair);
      } else max = value.value;
    }
    return max;
  }

  #invocation(
    node: Mustache | Extract<Expression, { type: 'SubExpression' }>,
    inEach: boolean,
    depth: number,
  ): TextExpr | undefined {
    const { path, params, hash } = node;
    if (params.length === 0 && hash === undefined && node.type === 'MustacheStatement') {
      if (path.type !== 'PathExpression') return this.#refuse('a literal needs no braces', node);
      return this.#expression(path, inEach, depth);
    }
    const name = path.type === 'PathExpression' ? path.original : '';
    if (!isHelper(name)) return this.#unknownHelper(name, path);
    if (hash !== undefined) return this.#refuse(`${name} has no options`, hash);
    const { least, most } = ARITY[name];
    if (params.length < least || params.length > most) {
      return this.#refuse(
        `${name} takes ${least === most ? least : `${least} or ${most}`} ${most === 1 ? 'value' : 'values'}`,
        node,
      );
    }
    const args = params.map(param => this.#expression(param, inEach, depth - 1));
    const read = args.filter(arg => arg !== undefined);
    const { start } = this.#place(path);
    const { end } = this.#place(params.at(-1) ?? path);
    return read.length < args.length ? undefined : { kind: 'call', helper: name, args: read, start, end };
  }

  #unknownHelper(name: string, node: Expression): undefined {
    if (name === 'lookup' || name === 'with' || name === 'log') return this.#refuse(`there is no "${name}"`, node);
    const close = nearest(name, HELPER_NAMES);
    const message = `no helper "${name}"${close === undefined ? '' : `; did you mean "${close}"?`}`;
    this.#say('unknown-function', message, node, `helpers: ${HELPER_NAMES.join(', ')}`);
  }

  #expression(node: Expression, inEach: boolean, depth: number): TextExpr | undefined {
    const place = this.#place(node);
    switch (node.type) {
      case 'StringLiteral':
      case 'NumberLiteral':
      case 'BooleanLiteral':
        return { kind: 'literal', value: node.value, ...place };
      case 'NullLiteral':
        return { kind: 'literal', value: null, ...place };
      case 'UndefinedLiteral':
        return this.#refuse('there is no "undefined"', node);
      case 'SubExpression':
        if (depth > 0) return this.#invocation(node, inEach, depth);
        this.#say('too-complex', `values are nested more than ${MAX_DEPTH} deep`, node);
        return undefined;
      case 'PathExpression':
        return this.#path(node, inEach);
    }
  }

  #path(node: Extract<Expression, { type: 'PathExpression' }>, inEach: boolean): TextExpr | undefined {
    const { parts, original } = node;
    const place = this.#place(node);
    if (node.depth > 0) return this.#refuse('no "../": roots are visible everywhere by their names', node);
    if (node.data) {
      if (original === '@index' && inEach) return { kind: 'position', ...place };
      const hint = original === '@index' ? 'it counts the rounds of #each' : 'only @index exists, in #each';
      return this.#refuse(`no "${original}" here`, node, hint);
    }
    if (/^\.(\/|$)/.test(original))
      return this.#refuse('no "." for the item', node, `write ${['this', ...parts].join('.')}`);
    // `this.[this]` and `[this].this` have equal parts; only the length of the original tells them from `this`.
    const isItem = original.startsWith('this') && original.length > parts.join('.').length;
    if (isItem && !inEach) return this.#refuse('"this" is the item of #each, and here is none', node);
    return isItem ? { kind: 'item', path: parts, ...place } : { kind: 'path', path: parts, ...place };
  }

  #refuse(message: string, node: Located, hint?: string): undefined {
    this.#say('not-allowed', message, node, hint);
  }

  #say(code: ExprProblemCode, message: string, node: Located, hint?: string): void {
    this.problems.push(problemAt(this.#place(node), code, message, hint));
  }

  #place({ loc }: Located): { start: number; end: number } {
    return { start: this.#offset(loc.start), end: this.#offset(loc.end) };
  }

  #offset({ line, column }: Place): number {
    return (this.#lineStarts[line - 1] ?? 0) + column;
  }
}
