import type { CodeName } from '../codes.ts';
import type { CheckContext } from '../context.ts';
import type { Finding } from '../finding.ts';

/** One idea of what can be wrong with a playbook that is otherwise understood. */
export interface Check {
  readonly code: CodeName;
  run(context: CheckContext): Iterable<Finding>;
}
