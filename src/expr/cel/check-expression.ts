import type { Found, Segment } from '../look-up.ts';
import { lookUp, weaker } from '../look-up.ts';
import type { Place } from '../problems.ts';
import { problemAt } from '../problems.ts';
import type { Type } from '../type.ts';
import { ANY, BOOLEAN, DURATION, either, inWords, listType, literalType, TEXT } from '../type.ts';
import type { ExprProblem, ExprProblemCode, Presence, TypeScope } from '../types.ts';
import { checkCall } from './check-call.ts';
import { checkOperator } from './check-operator.ts';
import { all, assume, Facts, guardOf } from './facts.ts';
import { findConstants } from './constants.ts';
import { findTemplateInLiteral } from './mistakes.ts';
import type { Expr, NodeOf } from './syntax.ts';
import { segmentOf } from './syntax.ts';

/** What is sure and which names macros have brought in, at a place in an expression. */
export interface Here {
  readonly facts: Facts;
  readonly locals: ReadonlyMap<string, Type>;
}

/** The types of one text, with all its problems. What cannot be told is `any`, so that one mistake is told once. */
export class ExpressionChecker {
  readonly text: string;
  readonly scope: TypeScope;
  readonly problems: ExprProblem[] = [];
  /** Each reference and computation that can make the whole undecided. */
  undecided: ExprProblem[] = [];
  readonly #variable: (text: string, facts: Facts) => Found;

  constructor(text: string, scope: TypeScope, variable: (text: string, facts: Facts) => Found) {
    this.text = text;
    this.scope = scope;
    this.#variable = variable;
  }

  check(expr: Expr, here: Here): Found {
    switch (expr.kind) {
      case 'literal':
        return certain(this.#literal(expr));
      case 'name':
      case 'field':
      case 'index':
        return this.#path(expr, here);
      case 'list':
        return this.#list(expr, here);
      case 'map':
        return this.#map(expr, here);
      case 'not':
        return { ...this.truth(expr.of, here), type: BOOLEAN };
      case 'negate':
        return this.#negate(expr, here);
      case 'and':
      case 'or':
        return this.#junction(expr, here);
      case 'choice':
        return this.#choice(expr, here);
      case 'binary':
        return checkOperator(expr, this.check(expr.left, here), this.check(expr.right, here), this);
      case 'loop':
        return this.#loop(expr, here);
      case 'call':
        return checkCall(expr, here, this);
    }
  }

  say(place: Place, code: ExprProblemCode, message: string, hint?: string): void {
    this.problems.push(problemAt(place, code, message, hint));
  }

  constants(expr: Expr): readonly ExprProblem[] {
    return findConstants(expr, this.text);
  }

  /** An expression that has to be true or false; absent counts as false. */
  truth(expr: Expr, here: Here): Found {
    const found = this.check(expr, here);
    if (found.type.kind !== 'boolean' && found.type.kind !== 'any') {
      this.say(
        expr,
        'type-mismatch',
        `must be true or false, is ${inWords(found.type)}`,
        `compare it: ${this.textOf(expr)} == …`,
      );
    }
    return { type: BOOLEAN, presence: found.presence === 'maybe-missing' ? 'maybe-missing' : 'certain' };
  }

  /** Checks what is only asked about: that it can be missing makes nothing undecided. */
  asked(expr: Expr, here: Here): Found {
    const before = this.undecided;
    this.undecided = [];
    const found = this.check(expr, here);
    this.undecided = before;
    return found;
  }

  /** Computing needs a value: with something absent the answer is undecided. */
  needsValue(expr: Expr, found: Found): Presence {
    if (found.presence !== 'maybe-absent') return found.presence;
    const text = this.textOf(expr);
    this.undecided.push(
      problemAt(
        expr,
        'undecided',
        `${text} may be absent, and then this is undecided`,
        `write has(${text}) && …, or fallback(${text}, …)`,
      ),
    );
    return 'maybe-missing';
  }

  textOf(expr: Expr): string {
    return this.text.slice(expr.start, expr.end);
  }

  #literal(expr: NodeOf<'literal'>): Type {
    const { value } = expr;
    if (typeof value === 'object' && value !== null) throw new Error('literals are scalar');
    const template = typeof value === 'string' ? findTemplateInLiteral(this.text, expr.start, expr.end) : undefined;
    if (template !== undefined) this.problems.push(template);
    if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
      this.say(expr, 'type-mismatch', 'a whole number is at most 9007199254740991');
    }
    return literalType(value);
  }

  #path(expr: Expr, here: Here): Found {
    const path = segmentsOf(expr);
    if (path === undefined) return this.#computed(expr, here);
    const { facts, locals } = here;
    const found = lookUp(path, {
      scope: this.scope,
      facts,
      locals,
      variable: text =>
        this.#variable(
          text,
          [...locals.keys()].reduce((left, name) => left.without(name), facts),
        ),
    });
    if ('code' in found) {
      this.problems.push(this.#withHyphenHint(found, path));
      return certain(ANY);
    }
    if (found.presence === 'maybe-missing') this.#mayBeMissing(expr, found);
    return found;
  }

  #mayBeMissing(expr: Expr, found: Found): void {
    const name = this.textOf(expr);
    const guard = found.guard ?? name;
    const reason = found.because === undefined ? '' : `: ${found.because}`;
    this.undecided.push(
      problemAt(
        expr,
        'undecided',
        `${name} may not be known${reason}`,
        `write known(${guard}) && …, or fallback(${name}, …)`,
      ),
    );
  }

  /** `enrich.file-info.score` subtracts; whoever wrote it meant a name. */
  #withHyphenHint(problem: ExprProblem, path: readonly Segment[]): ExprProblem {
    const start = path[0]?.start ?? problem.start;
    const before = /([A-Za-z_]\w*)-$/.exec(this.text.slice(Math.max(0, start - 64), start))?.[1];
    const after = /^-([A-Za-z_]\w*)/.exec(this.text.slice(problem.end, problem.end + 64))?.[1];
    if (before === undefined && after === undefined) return problem;
    const [left, right] = before === undefined ? [path.at(-1)?.name, after] : [before, path[0]?.name];
    return {
      ...problem,
      hint: `"${left}-${right}" is a subtraction: ids have no hyphens, and a field with one is read as x["${left}-${right}"]`,
    };
  }

  /** A path with a computed part: `xs[0].name`, `f(x).name`, `event.raw[key]`. */
  #computed(expr: Expr, here: Here): Found {
    if (expr.kind === 'field') {
      const of = this.check(expr.of, here);
      const field = { name: expr.field, start: expr.fieldStart, end: expr.fieldStart + expr.field.length };
      const base = { name: this.textOf(expr.of), start: expr.of.start, end: expr.of.end };
      const around = {
        scope: this.scope,
        facts: Facts.NONE,
        locals: new Map([[base.name, of.type]]),
        variable: () => certain(ANY),
      };
      const found = lookUp([base, field], around);
      if (!('code' in found)) return { ...of, type: found.type, presence: weaker(of.presence, found.presence) };
      this.problems.push(found);
      return certain(ANY);
    }
    if (expr.kind !== 'index') throw new Error('a name is always a path');
    const of = this.check(expr.of, here);
    const index = this.check(expr.index, here);
    const presence = weaker(of.presence, this.needsValue(expr.index, index));
    if (of.type.kind === 'list') {
      if (index.type.kind !== 'int' && index.type.kind !== 'any') {
        this.say(expr.index, 'type-mismatch', `a list position is a whole number, this is ${inWords(index.type)}`);
      }
      return { ...of, type: of.type.item ?? ANY, presence };
    }
    if (of.type.kind !== 'any' && of.type.kind !== 'object') {
      this.say(expr, 'type-mismatch', `${this.textOf(expr.of)} is ${inWords(of.type)} and has no items`);
    }
    return { ...of, type: ANY, presence: weaker(presence, 'maybe-absent') };
  }

  #list(expr: NodeOf<'list'>, here: Here): Found {
    const items = expr.items.map(item => this.check(item, here));
    const [first, ...rest] = items.map(item => item.type);
    const isKnown = items.every(item => item.presence !== 'maybe-missing');
    const type = listType(first === undefined ? ANY : rest.reduce(either, first));
    return { type, presence: isKnown ? 'certain' : 'maybe-missing' };
  }

  #map(expr: NodeOf<'map'>, here: Here): Found {
    const properties: [string, Type['schema']][] = [];
    let presence: Presence = 'certain';
    for (const [key, value] of expr.entries) {
      const [name, found] = [this.check(key, here), this.check(value, here)];
      if (name.type.kind !== 'text' && name.type.kind !== 'any')
        this.say(key, 'type-mismatch', `keys are text, this is ${inWords(name.type)}`);
      if (found.presence === 'maybe-missing' || name.presence === 'maybe-missing') presence = 'maybe-missing';
      if (key.kind === 'literal' && typeof key.value === 'string') properties.push([key.value, found.type.schema]);
    }
    const isClosed = properties.length === expr.entries.length;
    const schema = isClosed
      ? ({ type: 'object', properties: Object.fromEntries(properties) } as const)
      : ({ type: 'object' } as const);
    return { type: { kind: 'object', schema }, presence };
  }

  #negate(expr: NodeOf<'negate'>, here: Here): Found {
    const found = this.check(expr.of, here);
    const { type } = found;
    if (!['int', 'double', 'duration', 'any'].includes(type.kind))
      this.say(expr, 'type-mismatch', `"-" needs a number, this is ${inWords(type)}`);
    const presence = this.needsValue(expr.of, found);
    return { type: type.kind === 'duration' ? DURATION : type, presence };
  }

  /** Each part is checked knowing what those before it say when they do not decide. */
  #junction(expr: NodeOf<'and' | 'or'>, here: Here): Found {
    const goesOn = expr.kind === 'and';
    let before = here.facts;
    let presence: Presence = 'certain';
    expr.parts.forEach((part, index) => {
      const after = all(expr.parts.slice(index + 1).map(later => guardOf(later, goesOn)));
      presence = weaker(presence, this.truth(part, { ...here, facts: before.and(after) }).presence);
      before = before.and(assume(part, goesOn));
    });
    return { type: BOOLEAN, presence };
  }

  #choice(expr: NodeOf<'choice'>, here: Here): Found {
    const condition = this.truth(expr.condition, here);
    const yes = this.check(expr.whenTrue, { ...here, facts: here.facts.and(assume(expr.condition, true)) });
    const no = this.check(expr.whenFalse, { ...here, facts: here.facts.and(assume(expr.condition, false)) });
    return {
      type: either(yes.type, no.type),
      presence: weaker(condition.presence, weaker(yes.presence, no.presence)),
    };
  }

  #loop(expr: NodeOf<'loop'>, here: Here): Found {
    const over = this.check(expr.over, here);
    const inside = {
      facts: here.facts.without(expr.variable),
      locals: new Map([...here.locals, [expr.variable, this.#itemType(expr, over.type)]]),
    };
    const where = expr.where === undefined ? undefined : this.truth(expr.where, inside);
    const known =
      where === undefined || expr.where === undefined
        ? inside
        : { ...inside, facts: inside.facts.and(assume(expr.where, true)) };
    const body = expr.macro === 'map' ? this.check(expr.body, known) : this.truth(expr.body, known);
    const isKnown = [over, body, ...(where === undefined ? [] : [where])].every(
      part => part.presence !== 'maybe-missing',
    );
    const type = expr.macro === 'map' ? listType(body.type) : expr.macro === 'filter' ? over.type : BOOLEAN;
    return { type: type.kind === 'object' ? listType(TEXT) : type, presence: isKnown ? 'certain' : 'maybe-missing' };
  }

  #itemType(expr: NodeOf<'loop'>, over: Type): Type {
    if (over.kind === 'list') return over.item ?? ANY;
    if (over.kind === 'object') return TEXT;
    if (over.kind !== 'any')
      this.say(
        expr.over,
        'type-mismatch',
        `${expr.macro} goes over a list, ${this.textOf(expr.over)} is ${inWords(over)}`,
      );
    return ANY;
  }
}

/** The names of a chain with their places. */
function segmentsOf(expr: Expr): Segment[] | undefined {
  const segments: Segment[] = [];
  let current = expr;
  for (;;) {
    if (current.kind === 'name')
      return [{ name: current.name, start: current.start, end: current.end }, ...segments.toReversed()];
    const segment = segmentOf(current);
    if (segment === undefined) return undefined;
    segments.push({
      name: segment.name,
      start: segment.start,
      end: current.kind === 'field' ? segment.start + segment.name.length : current.end - 1,
    });
    current = segment.of;
  }
}

function certain(type: Type): Found {
  return { type, presence: 'certain' };
}
