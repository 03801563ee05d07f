import type { Catalogue } from '../action/connector.ts';
import type { EventType } from '../event/event.ts';
import { isLocal } from './local-events.ts';
import type { Unversioned } from './parse.ts';
import { allSteps, eventTypesOf } from './playbook.ts';
import { eventWaitsOf } from './written.ts';

/** The event types of the project's own that a playbook names, by name. */
export function usedLocalEvents(playbook: Unversioned, { eventTypes }: Catalogue): readonly EventType[] {
  const steps = allSteps(playbook);
  const names = [
    ...playbook.triggers.flatMap(eventTypesOf),
    ...steps.flatMap(step => eventWaitsOf(step).map(on => on.event)),
    ...steps.flatMap(step => (step.kind === 'emit' ? step.emit : [])),
  ];
  return [...new Set(names.filter(isLocal))].toSorted().flatMap(name => eventTypes.get(name) ?? []);
}
