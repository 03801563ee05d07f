import type { Found } from '../look-up.ts';
import { weaker } from '../look-up.ts';
import type { Place } from '../problems.ts';
import { problemAt } from '../problems.ts';
import type { Type } from '../type.ts';
import { ANY, BOOLEAN, DURATION, either, inWords, listType, literalType } from '../type.ts';
import type { ExprProblem, ExprProblemCode, Presence, TypeScope } from '../types.ts';
import { checkCall } from './check-call.ts';
import { checkLoop } from './check-loop.ts';
import { checkOperator } from './check-operator.ts';
import { checkPath } from './check-path.ts';
import { findConstants } from './constants.ts';
import type { Facts } from './facts.ts';
import { all, assume, guardOf } from './facts.ts';
import { findTemplateInLiteral } from './mistakes.ts';
import type { Expr, NodeOf } from './syntax.ts';

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
  /** What a variable is, where these things are sure. */
  readonly variable: (text: string, facts: Facts) => Found;

  constructor(text: string, scope: TypeScope, variable: (text: string, facts: Facts) => Found) {
    this.text = text;
    this.scope = scope;
    this.variable = variable;
  }

  check(expr: Expr, here: Here): Found {
    switch (expr.kind) {
      case 'literal':
        return certain(this.#literal(expr));
      case 'name':
      case 'field':
      case 'index':
        return checkPath(expr, here, this);
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
        return checkLoop(expr, here, this);
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
}

function certain(type: Type): Found {
  return { type, presence: 'certain' };
}
