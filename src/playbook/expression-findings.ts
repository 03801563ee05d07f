import { evaluate } from '../expr/expr.ts';
import type { ExprProblem, Reference } from '../expr/types.ts';
import type { CodeName } from './codes.ts';
import type { CheckContext } from './context.ts';
import type { Expression, Role } from './expressions.ts';
import type { CodedFinding, Finding } from './finding.ts';
import { everyStep, topLists } from './playbook.ts';
import { typeName } from './type-names.ts';

/**
 * What is wrong with the expressions. Most of it is the checker's own word; what it means that something can be
 * undecided or missing depends on the place, and is said here.
 */
export function* expressionFindings(context: CheckContext): Generator<CodedFinding> {
  const ids = new Set(topLists(context.playbook).flatMap(list => [...everyStep(list)].map(({ id }) => id)));
  for (const expression of context.expressions) {
    for (const problem of expression.checked.problems) {
      const coded = judge(expression, problem, ids);
      if (coded === undefined) continue;
      const hint = coded.hint ?? problem.hint;
      yield {
        code: coded.code,
        severity: coded.severity ?? problem.severity,
        message: coded.message ?? problem.message,
        span: context.spanIn(expression, problem.start, problem.end),
        ...(hint === undefined ? {} : { hint }),
      };
    }
    if (expression.role === 'people') yield* unreachedInText(context, expression);
    if (expression.role === 'list') yield* wrongList(context, expression);
  }
}

type Judged = { readonly code: CodeName } & Partial<Omit<Finding, 'span'>>;

/** Undecided is an answer there: the verdict is unknown, the event does not match, somebody is asked. */
const DECIDES_ITSELF: ReadonlySet<Role> = new Set(['trigger', 'var', 'verdict', 'approve', 'arrival', 'output']);

function judge(expression: Expression, problem: ExprProblem, ids: ReadonlySet<string>): Judged | undefined {
  const reference = referenceAt(expression, problem);
  switch (problem.code) {
    case 'undecided':
      if (DECIDES_ITSELF.has(expression.role)) return undefined;
      if (mayNotHaveRun(expression, reference)) return notRun(expression, reference);
      return isGuarded(expression) ? undefined : { code: 'undecided-condition', severity: 'warning' };
    case 'maybe-missing':
      if (mayNotHaveRun(expression, reference)) return notRun(expression, reference);
      // A key with an absent part suppresses nothing; an enrichment that lacks an input is missing evidence.
      if (expression.role === 'key' || isEnrichment(expression)) return undefined;
      if (expression.role === 'lock') return lockWithoutPart(expression, problem);
      return { code: 'maybe-missing' };
    case 'constant':
      return constant(expression);
    case 'unknown-reference': {
      const id = reference?.path[0] === 'steps' ? reference.path[1] : undefined;
      if (id === undefined || !ids.has(id) || reachable(expression, id)) return { code: problem.code };
      return {
        code: 'out-of-scope',
        message: `steps.${id} is not in scope here: it is seen only after that step, in the same branch or list`,
        hint: `outcome.${id} can be asked of anywhere in respond and finally`,
      };
    }
    default:
      return { code: problem.code };
  }
}

function constant({ role, text }: Expression): Judged {
  if (role === 'if' && isNeverTrue(text)) {
    const message = 'this step is never reached: its condition is always false';
    return { code: 'unreachable-step', severity: 'warning', message };
  }
  if (role === 'trigger' && isNeverTrue(text)) {
    return {
      code: 'trigger-never-matches',
      severity: 'error',
      message: 'this trigger never wakes anything: its condition is always false',
    };
  }
  return { code: 'constant' };
}

function referenceAt({ checked }: Expression, problem: ExprProblem): Reference | undefined {
  return (
    checked.references.find(({ start, end }) => start === problem.start && end === problem.end) ??
    checked.references.find(({ start, end }) => start <= problem.start && problem.end <= end) ??
    checked.references.find(({ start, end }) => problem.start <= start && end <= problem.end)
  );
}

/** Else it is something in its output that need not be there. */
function mayNotHaveRun(expression: Expression, reference: Reference | undefined): reference is Reference {
  if (reference?.path[0] !== 'steps') return false;
  const binding = stepBinding(expression, reference.path[1] ?? '');
  return binding?.kind !== 'type' || binding.presence !== 'certain';
}

function notRun(expression: Expression, { path }: Reference): Judged {
  const id = path[1] ?? '';
  const binding = stepBinding(expression, id);
  const because = binding?.kind === 'type' ? binding.because : undefined;
  return {
    code: 'maybe-not-run',
    severity: expression.role === 'people' ? 'warning' : 'error',
    message: `steps.${id} may not have run${because === undefined ? '' : `: ${because}`}`,
    hint:
      expression.role === 'people' || expression.role === 'input'
        ? `write {{outcome.${id}.status}}, which always has a value, or give this step  if: outcome.${id}.status == "done"`
        : `ask  outcome.${id}.status == "done"  first, which always has an answer`,
  };
}

function lockWithoutPart({ text }: Expression, { start, end }: ExprProblem): Judged {
  const part = text.slice(start, end);
  return {
    code: 'maybe-missing',
    message: `${part} may be absent, and then this lock has no key: the run is refused`,
    hint: 'use a field that such events always have',
  };
}

/** In text for people a missing value becomes `(unknown)`; that a step may not have run is worth a warning even so. */
function* unreachedInText(context: CheckContext, expression: Expression): Generator<CodedFinding> {
  const told = new Set<string>();
  for (const reference of expression.checked.references) {
    const [root, id = ''] = reference.path;
    const path = reference.path.join('.');
    if (root !== 'steps' || reference.guarded || told.has(path) || isAskedFirst(expression.text, reference.path))
      continue;
    const binding = stepBinding(expression, id);
    if (binding?.kind !== 'type' || binding.presence === 'certain') continue;
    told.add(path);
    const { code, message = '', ...rest } = notRun(expression, reference);
    yield {
      code,
      message,
      ...rest,
      span: context.spanIn(expression, reference.start, reference.start + `steps.${id}`.length),
    };
  }
}

/** The checker of expressions does not know that a loop needs a list, and one that is known. */
function* wrongList(context: CheckContext, expression: Expression): Generator<CodedFinding> {
  const { checked, span } = expression;
  const { type } = checked.schema;
  if (checked.problems.length > 0) return;
  if (type !== undefined && type !== 'array') {
    yield { code: 'type-mismatch', message: `for_each goes over a list, and this is ${typeName(type)}`, span };
  } else if (checked.presence === 'maybe-missing' && !isGuarded(expression)) {
    yield {
      code: 'undecided-condition',
      severity: 'warning',
      message: 'this list may not be known, and then the step fails: undecided',
      span,
      hint: 'give the step  on_error: continue  or steps, or an  if: known(…)',
    };
  }
}

function isAskedFirst(text: string, path: readonly string[]): boolean {
  return path.some((_, index) => text.includes(`{{#if ${path.slice(0, index + 1).join('.')}}}`));
}

function stepBinding({ scope }: Expression, id: string) {
  const steps = scope.roots.get('steps');
  return steps?.kind === 'namespace' ? steps.names.get(id) : undefined;
}

function reachable(expression: Expression, id: string): boolean {
  return stepBinding(expression, id) !== undefined;
}

function isEnrichment({ section }: Expression): boolean {
  return section === 'enrich';
}

/** Somebody has said what follows when it is undecided. */
function isGuarded(expression: Expression): boolean {
  const { role, step } = expression;
  if (step === undefined) return false;
  if (role === 'choice' && step.kind === 'choose') return step.undecided !== undefined || step.onError.kind !== 'fail';
  return isEnrichment(expression) || step.onError.kind !== 'fail';
}

/** Only said of what is constant: it needs no names. */
function isNeverTrue(text: string): boolean {
  const nothing = { get: () => undefined, inList: () => false, now: 0 };
  const { result } = evaluate(text, nothing);
  return result.state === 'value' && result.value === false;
}
