import { childrenOf } from '../expr/cel/references.ts';
import { parseCel } from '../expr/cel/parse.ts';
import type { Expr } from '../expr/cel/syntax.ts';
import type { Unversioned } from './parse.ts';
import type { Condition, EventWait } from './playbook.ts';
import { allSteps } from './playbook.ts';
import { conditionsOf, eventWaitsOf } from './written.ts';

/** The file lists that a playbook names: they are part of it, others are not. */
export function usedLists(playbook: Unversioned): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of conditions(playbook)) {
    const parsed = parseCel(text);
    if (parsed.kind === 'parsed') collect(parsed.expr, found);
  }
  for (const on of events(playbook)) {
    for (const { modifiers, values } of on.match?.any.flat() ?? []) {
      if (modifiers.includes('inlist')) for (const value of values) found.add(String(value));
    }
  }
  return found;
}

/** The name in `in_list(value, "name")` is always written out. */
function collect(expr: Expr, found: Set<string>): void {
  if (expr.kind === 'call' && expr.name === 'in_list') {
    const name = expr.args[1];
    if (name?.kind === 'literal' && typeof name.value === 'string') found.add(name.value);
  }
  for (const child of childrenOf(expr)) collect(child, found);
}

function* conditions(playbook: Unversioned): Generator<string> {
  const written: (Condition | undefined)[] = [
    ...playbook.vars.map(({ value }) => ('text' in value ? value : undefined)),
    ...(playbook.verdict ?? []).map(check => check.if),
    ...events(playbook).map(on => on.if),
  ];
  for (const step of allSteps(playbook)) written.push(...conditionsOf(step));
  for (const condition of written) if (condition !== undefined) yield condition.text;
}

function events(playbook: Unversioned): EventWait[] {
  const triggers = playbook.triggers.flatMap(trigger => (trigger.kind === 'event' ? [trigger] : []));
  return [...triggers, ...allSteps(playbook).flatMap(eventWaitsOf)];
}
