import type { Json } from '../base/json.ts';
import { parseCel } from '../expr/cel/parse.ts';
import { listName, listText } from './list-names.ts';
import { namesIn } from './list-uses.ts';
import { triggerWaits } from './matches.ts';
import type { Unversioned } from './parse.ts';
import type { Condition, EventWait } from './playbook.ts';
import { allSteps } from './playbook.ts';
import { conditionsOf, eventWaitsOf } from './written.ts';

/** The lists that a playbook names: they are part of it, others are not. */
export function usedLists(
  playbook: Unversioned,
  set: { readonly [id: string]: Json } | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of conditions(playbook)) {
    const parsed = parseCel(text);
    if (parsed.kind === 'parsed') for (const { name } of namesIn(parsed.expr)) found.add(name);
  }
  for (const on of events(playbook)) {
    for (const { modifiers, values } of on.match?.any.flat() ?? []) {
      if (modifiers.includes('inlist')) for (const value of values) found.add(String(value));
    }
  }
  for (const step of allSteps(playbook)) {
    const text = step.kind === 'do' ? listText(step) : undefined;
    const name = text === undefined ? undefined : listName(text, { params: playbook.params, set });
    if (name !== undefined) found.add(name);
  }
  return found;
}

function* conditions(playbook: Unversioned): Generator<string> {
  const written: (Condition | undefined)[] = [
    ...playbook.vars.map(({ value }) => ('text' in value ? value : undefined)),
    ...(playbook.verdict ?? []).map(check => check.if),
    ...events(playbook).map(on => on.if),
    ...playbook.triggers.map(trigger =>
      trigger.kind === 'correlate' || trigger.kind === 'sigma' ? trigger.if : undefined,
    ),
  ];
  for (const step of allSteps(playbook)) written.push(...conditionsOf(step));
  for (const condition of written) if (condition !== undefined) yield condition.text;
}

function events(playbook: Unversioned): EventWait[] {
  return [...triggerWaits(playbook.triggers), ...allSteps(playbook).flatMap(eventWaitsOf)];
}
