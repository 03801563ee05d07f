import { listUses } from '../list-uses.ts';
import { paramName } from '../parse-values.ts';
import type { Check } from './check.ts';

/** What is in a file can be asked in conditions; what is kept changes, and is looked up by a step. */
export const wrongList: Check = {
  code: 'wrong-list',
  *run(context) {
    for (const { by, text, name, span } of listUses(context)) {
      if (name === undefined) {
        if (paramName(text) !== undefined) continue;
        yield {
          message: 'the name of a list is computed',
          span,
          hint: 'reviewers read it here: write it out, or exactly "{{params.x}}"',
        };
        continue;
      }
      const list = Object.hasOwn(context.playbook.lists, name) ? context.playbook.lists[name] : undefined;
      if (list === undefined || (list.kept === true) === (by === 'action')) continue;
      yield by === 'action'
        ? {
            message: `the list "${name}" is a file, and does not change`,
            span,
            hint: `ask it with in_list(value, "${name}"), or give lists/${name}.yaml  kept: true  in the place of values`,
          }
        : {
            message: `the list "${name}" is kept, and not known to ${by}: what it holds changes while a run goes on`,
            span,
            hint: `look it up: do: backline.list-check, with: { list: ${name}, value: … }`,
          };
    }
  },
};
