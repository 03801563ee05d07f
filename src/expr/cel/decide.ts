import type { Decision, Evidence, Scope, Trace } from '../evidence.ts';
import { known, missing } from '../evidence.ts';
import type { Budget } from './budget.ts';
import type { Observer } from './evaluate.ts';
import { Evaluation } from './evaluate.ts';
import { junction, negation, truthOf } from './logic.ts';
import { parseCel } from './parse.ts';
import { shorten, showHeld } from './show.ts';
import type { Expr } from './syntax.ts';
import type { Held } from './value.ts';
import { failed, toJson } from './value.ts';

const MAX_SHOWN = 400;

/**
 * The answer of a condition: true, false, or undecided with what was not known, and how it came about. Absent counts as
 * false. A text that does not parse is undecided with the message as reason.
 */
export function decide(text: string, scope: Scope): Decision {
  const { found, trace } = new Tracer(scope).run(text);
  const truth = truthOf(found);
  if (typeof truth === 'boolean') return { decided: true, holds: truth, trace };
  const { of, why } = truth;
  return why === undefined ? { decided: false, of, trace } : { decided: false, of, why, trace };
}

/** The value of an expression of any type. Times come out as RFC 3339 text, durations as seconds and `s`. */
export function evaluate(text: string, scope: Scope): { readonly result: Evidence; readonly trace: Trace } {
  const { trace } = new Tracer(scope).run(text);
  return { result: trace.result, trace };
}

interface Traced {
  readonly found: Held;
  readonly trace: Trace;
}

/** Evaluates texts and remembers what was seen on the way. Variables are evaluated once, in the same scope. */
export class Tracer {
  readonly #evaluation: Evaluation;
  readonly #variables = new Map<string, Traced>();
  readonly #active = new Set<string>();

  constructor(scope: Scope) {
    this.#evaluation = new Evaluation(scope);
  }

  get budget(): Budget {
    return this.#evaluation.budget;
  }

  run(text: string): Traced {
    const parsed = parseCel(text);
    if (parsed.kind === 'parsed') return new TextTracer(text, this.#evaluation, this).trace(parsed.expr);
    const found = failed(parsed.message);
    return { found, trace: { text: shorten(text, MAX_SHOWN), shown: '', result: evidenceOf(found), parts: [] } };
  }

  /** A variable that needs itself is missing. */
  variable(text: string): Traced {
    const kept = this.#variables.get(text);
    if (kept !== undefined) return kept;
    if (this.#active.has(text)) {
      const found = failed('needs itself');
      return { found, trace: { text: shorten(text, MAX_SHOWN), shown: '', result: evidenceOf(found), parts: [] } };
    }
    this.#active.add(text);
    const traced = this.run(text);
    this.#active.delete(text);
    this.#variables.set(text, traced);
    return traced;
  }
}

/** The trace of one text: of its own paths and, as parts, of the variables it uses. */
class TextTracer implements Observer {
  readonly #text: string;
  readonly #evaluation: Evaluation;
  readonly #tracer: Tracer;
  readonly #seen = new Map<Expr, Held>();
  #variables: Trace[] = [];

  constructor(text: string, evaluation: Evaluation, tracer: Tracer) {
    this.#text = text;
    this.#evaluation = evaluation;
    this.#tracer = tracer;
  }

  sees(expr: Expr, found: Held): void {
    this.#seen.set(expr, found);
  }

  variable(text: string): Held {
    const { found, trace } = this.#tracer.variable(text);
    if (!this.#variables.includes(trace)) this.#variables.push(trace);
    return found;
  }

  trace(expr: Expr): Traced {
    let parts: readonly Trace[] = [];
    const found = this.#evaluation.nested(() => {
      const traced = this.#trace(expr);
      parts = traced.parts;
      return traced.found;
    });
    const text = shorten(this.#text.slice(expr.start, expr.end), MAX_SHOWN);
    const shown = shorten(this.#show(expr), MAX_SHOWN);
    return { found, trace: { text, shown, result: evidenceOf(found), parts } };
  }

  #trace(expr: Expr): { readonly found: Held; readonly parts: readonly Trace[] } {
    switch (expr.kind) {
      case 'and':
      case 'or': {
        const parts: Trace[] = [];
        return { found: junction(expr.kind, this.#each(expr.parts, parts)), parts };
      }
      case 'not': {
        const part = this.trace(expr.of);
        return { found: negation(part.found), parts: [part.trace] };
      }
      case 'choice': {
        const condition = this.trace(expr.condition);
        const truth = truthOf(condition.found);
        if (typeof truth !== 'boolean') return { found: truth, parts: [condition.trace] };
        const chosen = this.trace(truth ? expr.whenTrue : expr.whenFalse);
        return { found: chosen.found, parts: [condition.trace, chosen.trace] };
      }
      default: {
        this.#variables = [];
        const found = this.#evaluation.evaluate(expr, this);
        return { found, parts: this.#variables };
      }
    }
  }

  *#each(exprs: readonly Expr[], parts: Trace[]): Generator<Held> {
    for (const expr of exprs) {
      const { found, trace } = this.trace(expr);
      parts.push(trace);
      yield found;
    }
  }

  /** The text with every path that was looked up replaced by what stood there. */
  #show(expr: Expr): string {
    const within = [...this.#seen].filter(([path]) => path.start >= expr.start && path.end <= expr.end);
    let shown = '';
    let end = expr.start;
    for (const [path, found] of within.toSorted(([a], [b]) => a.start - b.start)) {
      shown += this.#text.slice(end, path.start) + showHeld(found);
      end = path.end;
    }
    return shown + this.#text.slice(end, expr.end);
  }
}

export function evidenceOf(found: Held): Evidence {
  if (found.state === 'absent') return { state: 'absent' };
  if (found.state === 'missing') return missing(found.of, found.why);
  const json = toJson(found.value);
  return json === undefined ? missing([], 'overflow') : known(json);
}
