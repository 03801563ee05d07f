import type { Problem, ProblemKind } from './line.ts';

/** A hostile line could make one problem of each of its bytes; nobody reads more than these. */
const MOST = 20;

/** Collects what was tolerated in one line. */
export class Problems {
  readonly found: Problem[] = [];

  add(kind: ProblemKind, field?: string): void {
    if (this.found.length < MOST) this.found.push(field === undefined ? { kind } : { kind, field });
  }

  /** Says it once a line. */
  addOnce(kind: ProblemKind): void {
    if (!this.found.some(problem => problem.kind === kind)) this.add(kind);
  }
}
