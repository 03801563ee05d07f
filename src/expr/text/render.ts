import type { Json } from '../../base/json.ts';
import { Tracer } from '../cel/decide.ts';
import { fieldOf, resolve } from '../cel/resolve.ts';
import type { Held } from '../cel/value.ts';
import { ABSENT, fromJson, held, toJson } from '../cel/value.ts';
import type { Scope } from '../evidence.ts';
import { callHelper, plainText } from './helpers.ts';
import { parseTemplate } from './parse.ts';
import type { TextExpr, TextNode } from './syntax.ts';

const MAX_OUTPUT = 256 * 1_024;
const MAX_ROUNDS = 10_000;

/** What people read where a value is not there or not known. */
const UNKNOWN = '(unknown)';

/** Who reads a text: for people what is not there becomes `(unknown)`; for machines it stops the rendering. */
export type Sink = 'people' | 'machine';

export type Rendered =
  | { readonly kind: 'value'; readonly value: Json }
  /** `{{optional x}}` alone, and x is not there: so is the input. */
  | { readonly kind: 'left-out' }
  /** For machines only: these references are needed and not there. */
  | { readonly kind: 'missing'; readonly of: readonly string[]; readonly state: 'absent' | 'missing' };

/**
 * Fills a text. One that is a single expression gives the value itself, whatever its type; any other gives text, at most
 * 256 KiB of it, made in at most 10,000 rounds of loops. Never throws; a text that cannot be read is missing.
 */
export function render(text: string, scope: Scope, sink: Sink): Rendered {
  const { nodes, lone, problems } = parseTemplate(text);
  const [problem] = problems;
  if (problem !== undefined) return unavailable(sink, [`(${problem.message})`], 'missing');
  const renderer = new Renderer(scope, sink);
  return lone === undefined ? renderer.text(nodes) : renderer.value(lone);
}

function unavailable(sink: Sink, of: readonly string[], state: 'absent' | 'missing'): Rendered {
  return sink === 'people' ? { kind: 'value', value: UNKNOWN } : { kind: 'missing', of, state };
}

/** The item of the innermost `each`, and which it is. */
interface Round {
  readonly item: Held;
  readonly position: number;
}

class Renderer {
  readonly #scope: Scope;
  readonly #sink: Sink;
  readonly #tracer: Tracer;
  readonly #lacking = new Set<string>();
  #isMissing = false;
  #rounds = 0;
  #output = '';
  #isFull = false;

  constructor(scope: Scope, sink: Sink) {
    this.#scope = scope;
    this.#sink = sink;
    this.#tracer = new Tracer(scope);
  }

  value(expr: TextExpr): Rendered {
    const isOptional = expr.kind === 'call' && expr.helper === 'optional';
    const [argument = expr] = isOptional ? expr.args : [expr];
    const found = this.#find(argument, undefined);
    if (isOptional && (found.state !== 'value' || found.value === null)) return { kind: 'left-out' };
    const json = found.state === 'value' ? toJson(found.value) : undefined;
    if (json === undefined || (json === null && this.#sink === 'people')) {
      return unavailable(this.#sink, namesOf(argument, found), found.state === 'absent' ? 'absent' : 'missing');
    }
    return { kind: 'value', value: json };
  }

  text(nodes: readonly TextNode[]): Rendered {
    this.#nodes(nodes, undefined);
    if (this.#sink === 'people') return { kind: 'value', value: this.#isFull ? `${this.#output}…` : this.#output };
    if (this.#isFull) return { kind: 'missing', of: ['(a shorter text)'], state: 'missing' };
    if (this.#lacking.size > 0) {
      return { kind: 'missing', of: [...this.#lacking], state: this.#isMissing ? 'missing' : 'absent' };
    }
    return { kind: 'value', value: this.#output };
  }

  #nodes(nodes: readonly TextNode[], round: Round | undefined): void {
    for (const node of nodes) {
      if (this.#isFull) return;
      switch (node.kind) {
        case 'content':
          this.#write(node.text);
          break;
        case 'output':
          this.#put(node.value, round);
          break;
        case 'if':
          this.#nodes(this.#holds(node.condition, round) !== node.negated ? node.whenTrue : node.whenFalse, round);
          break;
        case 'each':
          this.#each(node, round);
          break;
      }
    }
  }

  #put(expr: TextExpr, round: Round | undefined): void {
    const found = this.#find(expr, round);
    const text = found.state === 'value' ? (plainText(found.value) ?? this.#asJson(found)) : undefined;
    if (text === undefined) this.#lacks(expr, found);
    else this.#write(text);
  }

  /** A list or an object whose type nobody could know before: it is known now, and people are shown it. */
  #asJson(found: Held): string | undefined {
    if (this.#sink === 'machine' || (found.state === 'value' && found.value === null)) return undefined;
    const json = callHelper('json', [found], this.#tracer.budget);
    return json.state === 'value' ? plainText(json.value) : undefined;
  }

  /** Handlebars' truth: `false`, `null`, `""`, `0` and `[]` do not hold, nor does what is not there. */
  #holds(expr: TextExpr, round: Round | undefined): boolean {
    const found = this.#find(expr, round);
    if (found.state === 'missing' && this.#sink === 'machine') this.#lacks(expr, found);
    if (found.state !== 'value') return false;
    const { value } = found;
    if (typeof value === 'object') return value !== null && (value.kind !== 'list' || value.length > 0);
    return Boolean(value);
  }

  #each(node: Extract<TextNode, { readonly kind: 'each' }>, round: Round | undefined): void {
    const found = this.#find(node.over, round);
    if (found.state === 'absent' || (found.state === 'value' && found.value === null)) {
      this.#nodes(node.otherwise ?? [], round);
      return;
    }
    if (found.state === 'missing' || typeof found.value !== 'object' || found.value?.kind !== 'list') {
      if (this.#sink === 'people' && node.otherwise !== undefined) this.#nodes(node.otherwise, round);
      else this.#lacks(node.over, found);
      return;
    }
    const list = found.value;
    const length = Math.min(list.length, node.max);
    if (length === 0) this.#nodes(node.otherwise ?? [], round);
    for (let position = 0; position < length && this.#takesRound(); position++) {
      this.#nodes(node.body, { item: held(list.at(position)), position });
    }
    if (list.length > length) this.#writeRest(list.length - length);
  }

  #takesRound(): boolean {
    if (++this.#rounds > MAX_ROUNDS) this.#isFull = true;
    return !this.#isFull;
  }

  /** On a line of its own where the items are. */
  #writeRest(count: number): void {
    const isLine = this.#output.endsWith('\n');
    const isSpaced = this.#output === '' || /\s$/.test(this.#output.slice(-1));
    this.#write(`${isSpaced ? '' : ' '}… and ${count} more${isLine ? '\n' : ''}`);
  }

  #write(text: string): void {
    const room = MAX_OUTPUT - this.#output.length;
    this.#isFull ||= text.length > room;
    this.#output += text.slice(0, room);
  }

  #lacks(expr: TextExpr, found: Held): void {
    if (this.#sink === 'people') this.#write(UNKNOWN);
    else for (const name of namesOf(expr, found)) this.#lacking.add(name);
    this.#isMissing ||= found.state !== 'absent';
  }

  #find(expr: TextExpr, round: Round | undefined): Held {
    switch (expr.kind) {
      case 'literal':
        return held(fromJson(expr.value, undefined, ''));
      case 'position':
        return round === undefined ? ABSENT : held(BigInt(round.position));
      case 'item':
        return expr.path.reduce(itemOrField, round?.item ?? ABSENT);
      case 'path':
        return resolve(expr.path, this.#scope, text => this.#tracer.variable(text).found, itemOrField);
      case 'call': {
        const args = expr.args.map(arg => this.#find(arg, round));
        return callHelper(expr.helper, args, this.#tracer.budget);
      }
    }
  }
}

/** In text a list position is a field with digits for a name: `xs.[0]`. */
function itemOrField(of: Held, key: string): Held {
  if (of.state !== 'value' || typeof of.value !== 'object' || of.value?.kind !== 'list') return fieldOf(of, key);
  const index = /^\d{1,9}$/.test(key) ? Number(key) : NaN;
  return index < of.value.length ? held(of.value.at(index)) : ABSENT;
}

/** What a missing value is called, for the reason that a step gives. */
function namesOf(expr: TextExpr, found: Held): readonly string[] {
  if (found.state === 'missing' && found.of.length > 0) return found.of;
  return [nameOf(expr)];
}

function nameOf(expr: TextExpr): string {
  switch (expr.kind) {
    case 'path':
      return expr.path.join('.');
    case 'item':
      return ['this', ...expr.path].join('.');
    case 'position':
      return '@index';
    case 'literal':
      return JSON.stringify(expr.value);
    case 'call':
      return expr.args[0] === undefined ? expr.helper : nameOf(expr.args[0]);
  }
}
