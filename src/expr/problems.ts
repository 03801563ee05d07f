import type { ExprProblem, ExprProblemCode } from './types.ts';

/** A stretch of the text. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** Codes that are advice; all others stop a playbook. */
const WARNINGS: ReadonlySet<ExprProblemCode> = new Set([
  'case-sensitive',
  'undecided',
  'maybe-missing',
  'constant',
  'surrounding-space',
]);

export function problemAt(place: Place, code: ExprProblemCode, message: string, hint?: string): ExprProblem {
  const problem = {
    code,
    severity: WARNINGS.has(code) ? 'warning' : 'error',
    message,
    start: place.start,
    end: place.end,
  } as const;
  return hint === undefined ? problem : { ...problem, hint };
}

/** Every problem once, in the order of the text. */
export function inOrder(problems: readonly ExprProblem[]): ExprProblem[] {
  const unique = new Map(problems.map(problem => [`${problem.start} ${problem.code} ${problem.message}`, problem]));
  return [...unique.values()].toSorted((a, b) => a.start - b.start || a.end - b.end);
}
