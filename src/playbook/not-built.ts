import type { Node } from './node.ts';
import type { Report } from './finding.ts';

/** Valid language that is not run yet is an error, never silence: nobody should count on what would not happen. */
export function notBuilt(construct: string, node: Node, report: Report): void {
  report({
    code: 'not-built-yet',
    message: `\`${construct}\` is part of language v1 but this build does not run it yet`,
    span: node.keySpan,
  });
}
