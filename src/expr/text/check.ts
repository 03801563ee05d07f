import { Facts } from '../cel/facts.ts';
import { VariableTypes } from '../cel/check.ts';
import type { Found } from '../look-up.ts';
import { weaker } from '../look-up.ts';
import { inOrder, problemAt } from '../problems.ts';
import type { Type } from '../type.ts';
import { ANY, inWords, TEXT } from '../type.ts';
import type { Checked, ExprProblem, Presence, TypeScope } from '../types.ts';
import { checkPath } from './check-path.ts';
import { checkHelper } from './check-helper.ts';
import { parseTemplate } from './parse.ts';
import { referencesOfText } from './references.ts';
import type { Sink } from './render.ts';
import type { TextExpr, TextNode } from './syntax.ts';

/**
 * All that is wrong with a text and what it will be. `lone`: it is one expression and keeps that value's type; any other
 * is text. For machines each value that may not be there is warned of, `maybe-missing`; people read `(unknown)`.
 */
export function checkTemplate(text: string, scope: TypeScope, sink: Sink): Checked & { readonly lone: boolean } {
  const { nodes, lone, isSpaced, problems } = parseTemplate(text);
  const checker = new TextChecker(text, scope, sink);
  const found = lone === undefined ? checker.text(nodes) : checker.lone(lone);
  const advice = isSpaced ? [spaceProblem(text)] : [];
  return {
    schema: found.type.schema,
    presence: found.presence,
    problems: inOrder([...problems, ...findForeign(text), ...checker.problems, ...advice]),
    references: referencesOfText(nodes),
    lone: lone !== undefined,
  };
}

function spaceProblem(text: string): ExprProblem {
  const message = 'white space beside the one expression makes text of its value';
  return problemAt(
    { start: 0, end: text.length },
    'surrounding-space',
    message,
    `write "${text.trim().slice(0, 200)}"`,
  );
}

function findForeign(text: string): ExprProblem[] {
  return [...text.matchAll(/\$\{\{/g)].map(({ index }) =>
    problemAt(
      { start: index, end: index + 3 },
      'foreign-template',
      '"${{" is written "{{" here, the "$" would stay',
      'write {{ without $',
    ),
  );
}

/** What is sure and what `this` is, at a place in a text. */
export interface TextHere {
  readonly facts: Facts;
  readonly item: Type | undefined;
}

/** The types of one text, with all its problems. */
export class TextChecker {
  readonly source: string;
  readonly scope: TypeScope;
  readonly problems: ExprProblem[] = [];
  readonly variables: VariableTypes;
  readonly #sink: Sink;
  #presence: Presence = 'certain';

  constructor(source: string, scope: TypeScope, sink: Sink) {
    this.source = source;
    this.scope = scope;
    this.variables = new VariableTypes(scope);
    this.#sink = sink;
  }

  lone(expr: TextExpr): Found {
    const here = { facts: Facts.NONE, item: undefined };
    if (expr.kind === 'call' && expr.helper === 'optional') {
      const [argument = expr] = expr.args;
      return this.find(argument, here);
    }
    const found = this.find(expr, here);
    this.#needs(expr, found);
    return this.#sink === 'people' ? { ...found, presence: 'certain' } : found;
  }

  text(nodes: readonly TextNode[]): Found {
    this.#nodes(nodes, { facts: Facts.NONE, item: undefined });
    return { type: TEXT, presence: this.#presence };
  }

  find(expr: TextExpr, here: TextHere): Found {
    switch (expr.kind) {
      case 'literal':
        return { type: literal(expr.value), presence: 'certain' };
      case 'position':
        return { type: { kind: 'int', schema: { type: 'integer' } }, presence: 'certain' };
      case 'path':
      case 'item':
        return checkPath(expr, here, this);
      case 'call':
        return checkHelper(expr, here, this);
    }
  }

  #nodes(nodes: readonly TextNode[], here: TextHere): void {
    for (const node of nodes) {
      switch (node.kind) {
        case 'content':
          break;
        case 'output':
          this.#output(node.value, here);
          break;
        case 'if':
          this.#branch(node, here);
          break;
        case 'each':
          this.#each(node, here);
          break;
      }
    }
  }

  #output(expr: TextExpr, here: TextHere): void {
    const found = this.find(expr, here);
    this.#needs(expr, found);
    if (found.type.kind !== 'list' && found.type.kind !== 'object') return;
    const hint =
      found.type.kind === 'list'
        ? 'write {{join …}}, {{count …}} or {{#each …}}'
        : 'name one of its fields, or write {{json …}}';
    this.problems.push(problemAt(expr, 'list-in-text', `${inWords(found.type)} cannot stand in text`, hint));
  }

  #branch(node: Extract<TextNode, { readonly kind: 'if' }>, here: TextHere): void {
    const found = this.find(node.condition, here);
    // Asking whether something is there is what a branch is for; only what is not known stops a machine.
    if (found.presence === 'maybe-missing') this.#needs(node.condition, found);
    const guarded = { ...here, facts: here.facts.and(assumed(node.condition)) };
    this.#nodes(node.whenTrue, node.negated ? here : guarded);
    this.#nodes(node.whenFalse, node.negated ? guarded : here);
  }

  #each(node: Extract<TextNode, { readonly kind: 'each' }>, here: TextHere): void {
    const found = this.find(node.over, here);
    if (found.presence === 'maybe-missing') this.#needs(node.over, found);
    const { kind, item } = found.type;
    if (kind !== 'list' && kind !== 'any') {
      this.problems.push(
        problemAt(node.over, 'type-mismatch', `#each goes over a list, this is ${inWords(found.type)}`),
      );
    }
    this.#nodes(node.body, { facts: here.facts.without('this'), item: item ?? ANY });
    this.#nodes(node.otherwise ?? [], here);
  }

  #needs(expr: TextExpr, found: Found): void {
    if (this.#sink === 'people' || found.presence === 'certain') return;
    this.#presence = weaker(this.#presence, found.presence);
    const name = this.source.slice(expr.start, expr.end);
    const what = found.presence === 'maybe-absent' ? 'may be absent' : 'may not be known';
    const reason = found.because === undefined ? '' : `: ${found.because}`;
    const hint = 'write {{default x y}}, {{optional x}} where the input can be left out, or guard the step with has()';
    this.problems.push(problemAt(expr, 'maybe-missing', `${name} ${what}, and then the step stops${reason}`, hint));
  }
}

/** Inside `{{#if x}}` x is there, and so are both sides of `{{#if (is x y)}}`. */
function assumed(condition: TextExpr): Facts {
  if (condition.kind === 'path') return Facts.present(condition.path);
  if (condition.kind === 'item') return Facts.present(['this', ...condition.path]);
  if (condition.kind !== 'call' || condition.helper !== 'is') return Facts.NONE;
  return condition.args.reduce((facts, arg) => facts.and(assumed(arg)), Facts.NONE);
}

function literal(value: string | number | boolean | null): Type {
  if (value === null) return { kind: 'null', schema: { type: 'null' } };
  if (typeof value === 'string') return { kind: 'text', schema: { type: 'string', const: value } };
  if (typeof value === 'boolean') return { kind: 'boolean', schema: { type: 'boolean' } };
  return Number.isInteger(value)
    ? { kind: 'int', schema: { type: 'integer' } }
    : { kind: 'double', schema: { type: 'number' } };
}
