import type { Found } from '../look-up.ts';
import { inOrder, problemAt } from '../problems.ts';
import { ANY, inWords } from '../type.ts';
import type { Checked, ExprProblem, TypeScope } from '../types.ts';
import { ExpressionChecker } from './check-expression.ts';
import { Facts } from './facts.ts';
import { explainRefusal } from './mistakes.ts';
import { parseCel } from './parse.ts';
import { referencesOf } from './references.ts';

/**
 * All that is wrong with a condition: an expression that must be true or false. A condition that can be undecided is
 * warned of, `undecided`, at each reference that makes it so, with the guard to add.
 */
export function checkCondition(text: string, scope: TypeScope): Checked {
  return check(text, scope, checker => {
    const parsed = checker.checked.type;
    const isTruth = parsed.kind === 'boolean' || parsed.kind === 'any';
    const wrong = isTruth
      ? []
      : [problemAt(checker.place, 'type-mismatch', `a condition is true or false, this is ${inWords(parsed)}`)];
    return [...wrong, ...checker.constants(), ...checker.undecided];
  });
}

/** All that is wrong with an expression of any type, and what it will be. */
export function checkExpression(text: string, scope: TypeScope): Checked {
  return check(text, scope, () => []);
}

function check(text: string, scope: TypeScope, more: (checker: CheckedText) => readonly ExprProblem[]): Checked {
  const parsed = parseCel(text);
  if (parsed.kind === 'refused') {
    return { schema: {}, presence: 'certain', problems: [explainRefusal(text, parsed)], references: [] };
  }
  const variables = new VariableTypes(scope);
  const checker = new ExpressionChecker(text, scope, (variable, facts) => variables.typeOf(variable, facts));
  const checked = checker.check(parsed.expr, { facts: Facts.NONE, locals: new Map() });
  const { undecided } = checker;
  const place = { start: 0, end: text.length };
  const extra = more({ checked, undecided, place, constants: () => checker.constants(parsed.expr) });
  return {
    schema: checked.type.schema,
    presence: checked.presence,
    problems: inOrder([...checker.problems, ...extra]),
    references: referencesOf(parsed.expr),
  };
}

interface CheckedText {
  readonly checked: Found;
  readonly undecided: readonly ExprProblem[];
  readonly place: { readonly start: number; readonly end: number };
  constants(): readonly ExprProblem[];
}

const MAX_VARIABLES = 500;

/** Types of variables: each is an expression in the same scope, whose own mistakes are told where it is written. */
export class VariableTypes {
  readonly #scope: TypeScope;
  readonly #active = new Set<string>();
  readonly #kept = new Map<string, Found>();
  #count = 0;

  constructor(scope: TypeScope) {
    this.#scope = scope;
  }

  typeOf(text: string, facts: Facts): Found {
    const kept = facts === Facts.NONE ? this.#kept.get(text) : undefined;
    if (kept !== undefined) return kept;
    // What needs itself, or is made of hundreds of others, is never known.
    if (this.#active.has(text) || this.#active.size > 20 || ++this.#count > MAX_VARIABLES) {
      return {
        type: ANY,
        presence: 'maybe-missing',
        because: this.#active.has(text) ? 'it needs itself' : 'it is too complex',
      };
    }
    this.#active.add(text);
    const found = this.#check(text, facts);
    this.#active.delete(text);
    if (facts === Facts.NONE) this.#kept.set(text, found);
    return found;
  }

  #check(text: string, facts: Facts): Found {
    const parsed = parseCel(text);
    if (parsed.kind === 'refused') return { type: ANY, presence: 'maybe-missing', because: 'it cannot be read' };
    const checker = new ExpressionChecker(text, this.#scope, (inner, more) => this.typeOf(inner, more));
    const { type, presence } = checker.check(parsed.expr, { facts, locals: new Map() });
    const [first] = checker.undecided;
    return first === undefined ? { type, presence } : { type, presence: 'maybe-missing', because: first.message };
  }
}
