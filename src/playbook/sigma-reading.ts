import type { Diagnostic } from '../base/diagnostic.ts';
import { CODES } from './codes.ts';
import type { Node } from './node.ts';

/** What is found in a Sigma rule on the way, and whether the rule can be used at all. */
export class SigmaReading {
  readonly diagnostics: Diagnostic[] = [];
  isLeftOut = false;

  error(node: Node, message: string, hint?: string): void {
    const { severity } = CODES['bad-sigma-rule'];
    const more = hint === undefined ? {} : { hint };
    this.diagnostics.push({ code: 'bad-sigma-rule', severity, message, span: node.span, ...more });
  }

  /** One rule of thousands: it is said, and the others go on. */
  leaveOut(node: Pick<Node, 'keySpan'>, what: string): void {
    this.isLeftOut = true;
    const message = `this rule is left out: it is or uses ${what}`;
    this.diagnostics.push({ code: 'bad-sigma-rule', severity: 'warning', message, span: node.keySpan });
  }
}
