import type { EnrichStep, Playbook, Step } from '../playbook/playbook.ts';
import { everyStep, topLists } from '../playbook/playbook.ts';

/** Every enrichment and step of a playbook, in the order of the file. */
export function stepsIn(playbook: Playbook): readonly (EnrichStep | Step)[] {
  return [...playbook.enrich, ...topLists(playbook).flatMap(list => [...everyStep(list)])];
}
