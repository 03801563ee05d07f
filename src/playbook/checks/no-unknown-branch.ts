import type { Expression } from '../expressions.ts';
import type { Playbook } from '../playbook.ts';
import { throughVars } from '../through-vars.ts';
import type { Check } from './check.ts';

export const noUnknownBranch: Check = {
  code: 'no-unknown-branch',
  *run({ playbook, expressions }) {
    const { respond, verdict, enrich } = playbook;
    if (
      respond.kind !== 'branches' ||
      verdict === undefined ||
      respond.branches.some(branch => branch.verdict === 'unknown')
    )
      return;
    const add = 'add  unknown: [ … ]  or  unknown: []  to say so';
    const needs = expressions
      .filter(({ role }) => role === 'verdict')
      .flatMap(expression => lookUps(expression, playbook))[0];
    const required = enrich.find(entry => entry.required);
    if (needs !== undefined) {
      const index = verdict.findIndex(check => check.if?.span.start.offset === needs.expression.span.start.offset);
      yield {
        message: `no branch for unknown: enrich.${needs.path[1] ?? ''} can be missing, then nobody is told`,
        span: respond.span,
        hint: `verdict ${index + 1} (line ${needs.expression.span.start.line}) needs ${needs.path.join('.')}; ${add}`,
      };
    } else if (required !== undefined) {
      yield {
        message: `no branch for unknown: enrich.${required.id} can be missing, then nobody is told`,
        span: respond.span,
        hint: `it is required (line ${required.span.start.line}), so without it there is no verdict; ${add}`,
      };
    } else if (verdict.every(check => check.if !== undefined)) {
      yield { message: 'no branch for unknown: if no check holds, nobody is told', span: respond.span, hint: add };
    }
  },
};

/** What a check looks up, directly or through variables. */
function lookUps(
  expression: Expression,
  playbook: Playbook,
): { readonly expression: Expression; readonly path: readonly string[] }[] {
  return throughVars(expression.checked.references, playbook)
    .filter(([root]) => root === 'enrich')
    .map(path => ({ expression, path }));
}
