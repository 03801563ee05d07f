import type { Callable, Catalogue } from '../action/connector.ts';
import { checkExpression } from '../expr/expr.ts';
import type { CallStep, Playbook } from './playbook.ts';
import { allSteps } from './playbook.ts';
import { paramType, verdictType } from './root-types.ts';
import { Scopes } from './scopes.ts';

/** What another playbook needs to know of one that it calls; undefined where it cannot be called. */
export function callableOf(playbook: Playbook, catalogue: Catalogue): Callable | undefined {
  if (!playbook.triggers.some(({ kind }) => kind === 'call')) return undefined;
  const steps = allSteps(playbook);
  const { inputs, outputs = [], verdict } = playbook;
  const scopes = new Scopes({ playbook, catalogue, lost: new Set(), listNames: new Set(Object.keys(playbook.lists)) });
  const given = outputs.map(({ id, value }) => {
    const { schema } = checkExpression(value.text, scopes.variable);
    return [id, { ...schema, 'x-unsure': true as const }] as const;
  });
  return {
    inputs: {
      type: 'object',
      properties: Object.fromEntries(inputs.map(input => [input.id, paramType(input)])),
      required: inputs.filter(input => input.default === undefined).map(({ id }) => id),
      additionalProperties: false,
    },
    output: {
      type: 'object',
      properties: { ...Object.fromEntries(given), ...(verdict === undefined ? {} : { verdict: verdictType(verdict) }) },
      required: [...outputs.map(({ id }) => id), ...(verdict === undefined ? [] : ['verdict'])],
      additionalProperties: false,
    },
    changes: steps.some(step => {
      const effect = step.kind === 'do' ? catalogue.actions.get(step.do)?.effect : undefined;
      return effect === 'reversible' || effect === 'irreversible';
    }),
    calls: [...new Set(callsIn(playbook).map(step => step.call))],
  };
}

export function callsIn(playbook: Playbook): CallStep[] {
  return allSteps(playbook).flatMap(step => (step.kind === 'call' ? step : []));
}

/** Whether a playbook changes something, itself or through others that it calls. */
export function changesSomething(
  name: string,
  callables: ReadonlyMap<string, Callable>,
  seen = new Set<string>(),
): boolean {
  const callable = callables.get(name);
  if (callable === undefined || seen.has(name)) return false;
  seen.add(name);
  return callable.changes || callable.calls.some(inner => changesSomething(inner, callables, seen));
}
