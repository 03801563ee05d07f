import type { EnrichStep, Step } from '../playbook/playbook.ts';
import { everyStep, topLists } from '../playbook/playbook.ts';
import type { Compiled } from './compiled.ts';

const tables = new WeakMap<Compiled, ReadonlyMap<string, Step | EnrichStep>>();

/** Every step and enrichment of a compiled playbook, by id. */
export function stepsOf(compiled: Compiled): ReadonlyMap<string, Step | EnrichStep> {
  let table = tables.get(compiled);
  if (table === undefined) {
    const { playbook } = compiled;
    const steps = [...playbook.enrich, ...topLists(playbook).flatMap(list => [...everyStep(list)])];
    table = new Map(steps.map(step => [step.id, step]));
    tables.set(compiled, table);
  }
  return table;
}
