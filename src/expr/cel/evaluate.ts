import type { Scope } from '../evidence.ts';
import { Budget } from './budget.ts';
import type { CelFunction } from './function.ts';
import { FUNCTIONS_BY_NAME } from './functions.ts';
import { junction, negation, truthOf } from './logic.ts';
import { runLoop } from './loop.ts';
import { operate } from './operators.ts';
import { fieldOf, resolve } from './resolve.ts';
import type { Expr, NodeOf } from './syntax.ts';
import { chainOf } from './syntax.ts';
import { durationOf, whole } from './arithmetic.ts';
import type { Held, Value } from './value.ts';
import { describe, failed, held, kindOf, lacking, listOf, structOf } from './value.ts';

const MAX_DEPTH = 400;

/** Names that macros bring in, innermost first. */
interface Locals {
  readonly name: string;
  readonly held: Held;
  readonly outer: Locals | undefined;
}

/** Told of every path that was looked up and what stood there, so that a trace can show it. */
export interface Observer {
  sees(expr: Expr, found: Held): void;
  variable(text: string): Held;
}

/**
 * One evaluation, three-valued as in LANGUAGE 7. Whatever goes wrong is an answer, `missing` with a reason; nothing is
 * thrown. When the budget is spent every answer is `too complex`, also that of `known` and `fallback`.
 */
export class Evaluation {
  readonly scope: Scope;
  readonly budget = new Budget();
  #depth = 0;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  evaluate(expr: Expr, observer: Observer, locals?: Locals): Held {
    return this.nested(() => this.#evaluate(expr, observer, locals));
  }

  /** One step further down, within the budget and the depth that a stack has room for. */
  nested(run: () => Held): Held {
    if (this.#depth >= MAX_DEPTH) this.budget.exhaust();
    if (!this.budget.spend()) return failed('too complex');
    this.#depth++;
    const result = run();
    this.#depth--;
    return this.budget.isSpent ? failed('too complex') : result;
  }

  #evaluate(expr: Expr, observer: Observer, locals: Locals | undefined): Held {
    const inner = (part: Expr) => this.evaluate(part, observer, locals);
    switch (expr.kind) {
      case 'literal':
        return typeof expr.value === 'bigint' ? whole(expr.value) : held(expr.value);
      case 'name':
      case 'field':
      case 'index':
        return this.#path(expr, observer, locals);
      case 'list':
        return collect(expr.items.map(inner));
      case 'map':
        return this.#map(expr, inner);
      case 'not':
        return negation(inner(expr.of));
      case 'negate':
        return negate(inner(expr.of));
      case 'and':
      case 'or':
        return junction(expr.kind, lazily(expr.parts, inner));
      case 'choice': {
        const truth = truthOf(inner(expr.condition));
        return typeof truth === 'boolean' ? inner(truth ? expr.whenTrue : expr.whenFalse) : truth;
      }
      case 'binary':
        return operate(expr.operator, inner(expr.left), inner(expr.right), this.budget);
      case 'loop':
        return runLoop(expr, inner(expr.over), (part, item) =>
          this.evaluate(part, observer, { name: expr.variable, held: item, outer: locals }),
        );
      case 'call':
        return this.#call(expr, inner);
    }
  }

  #path(expr: Expr, observer: Observer, locals: Locals | undefined): Held {
    const chain = chainOf(expr);
    if (chain !== undefined) {
      const local = findLocal(chain.root.name, locals);
      if (local !== undefined) return chain.path.reduce(fieldOf, local);
      const path = [chain.root.name, ...chain.path];
      const found = resolve(path, this.scope, text => observer.variable(text));
      observer.sees(expr, found);
      return found;
    }
    const inner = (part: Expr) => this.evaluate(part, observer, locals);
    if (expr.kind === 'field') return fieldOf(inner(expr.of), expr.field);
    if (expr.kind === 'index') return itemOf(inner(expr.of), inner(expr.index));
    throw new Error('a name is always a chain');
  }

  #map(expr: NodeOf<'map'>, inner: (part: Expr) => Held): Held {
    const entries = new Map<string, Value>();
    const missing = [];
    for (const [keyExpr, valueExpr] of expr.entries) {
      const [key, value] = [inner(keyExpr), inner(valueExpr)];
      if (key.state === 'missing') missing.push(key);
      if (value.state === 'missing') missing.push(value);
      if (key.state !== 'value' || value.state !== 'value') continue;
      if (typeof key.value !== 'string') return failed('keys of an object are text');
      if (entries.has(key.value)) return failed(`key "${key.value}" occurs twice`);
      entries.set(key.value, value.value);
    }
    return missing.length > 0 ? lacking(missing) : held(structOf(entries));
  }

  #call(expr: NodeOf<'call'>, inner: (part: Expr) => Held): Held {
    const guard = expr.receiver === undefined ? this.#guard(expr, inner) : undefined;
    if (guard !== undefined) return guard;
    const found = FUNCTIONS_BY_NAME.get(expr.name);
    const isMethod = expr.receiver !== undefined;
    if (found === undefined || found.form === (isMethod ? 'function' : 'method'))
      return failed(`no function "${expr.name}"`);
    const parts = expr.receiver === undefined ? expr.args : [expr.receiver, ...expr.args];
    return apply(found, parts.map(inner), this);
  }

  #guard(expr: NodeOf<'call'>, inner: (part: Expr) => Held): Held | undefined {
    const [first, second] = expr.args;
    if (first === undefined || expr.args.length !== (expr.name === 'fallback' ? 2 : 1)) return undefined;
    switch (expr.name) {
      case 'has': {
        const found = inner(first);
        return found.state === 'missing' ? found : held(found.state === 'value');
      }
      case 'known':
        return held(inner(first).state !== 'missing');
      case 'fallback': {
        const found = inner(first);
        return found.state === 'value' || second === undefined ? found : inner(second);
      }
      default:
        return undefined;
    }
  }
}

function apply(called: CelFunction, args: readonly Held[], evaluation: Evaluation): Held {
  const { takes, optional = 0, name } = called;
  if (args.length > takes.length || args.length < takes.length - optional)
    return failed(`wrong number of arguments for ${name}()`);
  const missing = args.filter(arg => arg.state === 'missing');
  if (missing.length > 0) return lacking(missing);
  const values: Value[] = [];
  for (const [index, arg] of args.entries()) {
    if (arg.state === 'value') values.push(arg.value);
    else if (called.absent === 'empty' && index === 0) values.push(listOf([]));
    else if (called.absent === 'false') return held(false);
    else if (called.absent === 'absent' && index === 0) return { state: 'absent' };
    else return failed(`${name}() on something absent`);
  }
  const wrong = values.findIndex(
    (value, index) => takes[index] !== 'any' && takes[index]?.includes(kindOf(value)) !== true,
  );
  const value = values[wrong];
  if (value !== undefined) return failed(`${name}() cannot take ${describe(value)}`);
  return called.run(values, evaluation);
}

/** What is absent is left out, so that `x in [a, b]` asks about those that are there. */
function collect(items: readonly Held[]): Held {
  const missing = items.filter(item => item.state === 'missing');
  if (missing.length > 0) return lacking(missing);
  return held(listOf(items.filter(item => item.state === 'value').map(item => item.value)));
}

function negate(part: Held): Held {
  if (part.state === 'missing') return part;
  if (part.state === 'absent') return failed('"-" on something absent');
  const { value } = part;
  if (typeof value === 'bigint') return whole(-value);
  if (typeof value === 'number') return held(-value);
  if (typeof value === 'object' && value?.kind === 'duration') return durationOf(-value.nanos);
  return failed(`cannot negate ${describe(value)}`);
}

function itemOf(of: Held, index: Held): Held {
  const missing = [of, index].filter(part => part.state === 'missing');
  if (missing.length > 0) return lacking(missing);
  if (of.state === 'absent') return of;
  if (of.state !== 'value' || index.state !== 'value') return failed('index is absent');
  const { value: key } = index;
  if (typeof key === 'string') return fieldOf(of, key);
  if (typeof of.value !== 'object' || of.value?.kind !== 'list') return failed(`no items in ${describe(of.value)}`);
  const position = Number(typeof key === 'bigint' || typeof key === 'number' ? key : NaN);
  if (!Number.isInteger(position) || position < 0 || position >= of.value.length) return failed('index out of range');
  return held(of.value.at(position));
}

function findLocal(name: string, locals: Locals | undefined): Held | undefined {
  for (let current = locals; current !== undefined; current = current.outer)
    if (current.name === name) return current.held;
  return undefined;
}

function* lazily(parts: readonly Expr[], inner: (part: Expr) => Held): Generator<Held> {
  for (const part of parts) yield inner(part);
}
