import type { Json } from '../base/json.ts';
import { parseCel } from '../expr/cel/parse.ts';
import { listName, listText } from './list-names.ts';
import { namesIn } from './list-uses.ts';
import { triggerWaits } from './matches.ts';
import type { Unversioned } from './parse.ts';
import type { Condition, EventWait, Step } from './playbook.ts';
import { everyStep, topLists } from './playbook.ts';

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
  for (const step of [...playbook.enrich, ...stepsOf(playbook)]) {
    const text = step.kind === 'do' ? listText(step) : undefined;
    const name = text === undefined ? undefined : listName(text, { params: playbook.params, set });
    if (name !== undefined) found.add(name);
  }
  return found;
}

function stepsOf(playbook: Unversioned): Step[] {
  return topLists(playbook).flatMap(list => [...everyStep(list)]);
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
  for (const step of [...playbook.enrich, ...stepsOf(playbook)]) {
    written.push(step.if);
    if (step.kind === 'do') written.push(step.poll?.until, step.approve?.if);
    if (step.kind === 'for_each') written.push(step.list);
    if (step.kind === 'choose') written.push(...step.branches.map(branch => branch.if));
  }
  for (const condition of written) if (condition !== undefined) yield condition.text;
}

function events(playbook: Unversioned): EventWait[] {
  const waits = stepsOf(playbook).flatMap(step => {
    if (step.kind === 'wait' && step.wait.kind === 'event') return [step.wait.on];
    return step.kind === 'do' ? (step.hold?.until ?? []) : [];
  });
  return [...triggerWaits(playbook.triggers), ...waits];
}
