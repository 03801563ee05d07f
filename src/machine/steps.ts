import type { EnrichStep, Step } from '../playbook/playbook.ts';
import { allSteps } from '../playbook/playbook.ts';
import type { Compiled } from './compiled.ts';

const tables = new WeakMap<Compiled, ReadonlyMap<string, Step | EnrichStep>>();

/** Every step and enrichment of a compiled playbook, by id. */
export function stepsOf(compiled: Compiled): ReadonlyMap<string, Step | EnrichStep> {
  let table = tables.get(compiled);
  if (table === undefined) {
    table = new Map(allSteps(compiled.playbook).map(step => [step.id, step]));
    tables.set(compiled, table);
  }
  return table;
}
