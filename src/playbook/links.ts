import type { PlaybookLinks } from '../action/connector.ts';
import { callsIn } from './callable.ts';
import type { Playbook } from './playbook.ts';
import { allSteps, eventTypesOf } from './playbook.ts';

/** By what a playbook is woken, and what it leads to. */
export function linksOf(playbook: Playbook): PlaybookLinks {
  return {
    wokenBy: [...new Set(playbook.triggers.flatMap(eventTypesOf))],
    emits: [...new Set(allSteps(playbook).flatMap(step => (step.kind === 'emit' ? step.emit : [])))],
    calls: [...new Set(callsIn(playbook).map(step => step.call))],
  };
}

/** From an event of this type back to a playbook, through whatever it wakes: what lies between, or undefined. */
export function wayBack(
  type: string,
  to: string,
  links: ReadonlyMap<string, PlaybookLinks>,
  seen = new Set<string>(),
): readonly string[] | undefined {
  const woken = [...links].filter(([, { wokenBy }]) => wokenBy.includes(type)).map(([name]) => name);
  for (const name of woken) {
    if (name === to) return [];
    const way = wayFrom(name, to, links, seen);
    if (way !== undefined) return [name, ...way];
  }
  return undefined;
}

function wayFrom(
  name: string,
  to: string,
  links: ReadonlyMap<string, PlaybookLinks>,
  seen: Set<string>,
): readonly string[] | undefined {
  if (seen.has(name)) return undefined;
  seen.add(name);
  const { emits = [], calls = [] } = links.get(name) ?? {};
  for (const called of calls) {
    const way = called === to ? [] : wayFrom(called, to, links, seen);
    if (way !== undefined) return called === to ? [] : [called, ...way];
  }
  for (const type of emits) {
    const way = wayBack(type, to, links, seen);
    if (way !== undefined) return [type, ...way];
  }
  return undefined;
}
