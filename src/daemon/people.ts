import type { Diagnostic } from '../base/diagnostic.ts';
import type { People } from '../engine/core.ts';
import type { Node } from '../playbook/node.ts';

/** Groups, and the names of API tokens in them. */
export type Groups = ReadonlyMap<string, readonly string[]>;

/** Who may answer: who is named, or is in a group that is; `except` shuts out in the same way. */
export function peopleOf(groups: () => Groups): People {
  const isAmong = (by: string, names: readonly string[]): boolean =>
    names.some(name => name === by || groups().get(name)?.includes(by) === true);
  return { mayAnswer: (by, who, except) => isAmong(by, who) && !isAmong(by, except) };
}

/** `people` of the configuration. */
export function readPeople(node: Node | undefined, report: (diagnostic: Diagnostic) => void): Groups {
  const groups = new Map<string, readonly string[]>();
  for (const [group, members] of node?.entries() ?? []) {
    for (const directory of ['oidc_group', 'pagerduty']) {
      const named = members.get(directory);
      if (named === undefined) continue;
      const message = `\`${directory}\` is part of the configuration but this build does not ask it yet`;
      report({
        code: 'not-built-yet',
        severity: 'error',
        message,
        span: named.keySpan,
        hint: `list the names: ${group}: [alice, bob]`,
      });
    }
    groups.set(
      group,
      members.items().flatMap(member => member.text() ?? []),
    );
  }
  return groups;
}
