import { didYouMean } from '../base/did-you-mean.ts';
import type { Json, JsonObject } from '../base/json.ts';
import { equalJson } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import { formatProblem, validate } from '../base/schema.ts';
import type { Param } from '../playbook/playbook.ts';

/** What a person gives a playbook, held against its declared `inputs`, with their defaults; or all that is wrong with it. */
export function checkInputs(
  declared: readonly Param[],
  given: JsonObject,
): { readonly inputs: JsonObject } | { readonly problems: readonly string[] } {
  const known = declared.map(({ id }) => id);
  const problems = Object.keys(given)
    .filter(id => !known.includes(id))
    .map(id => `there is no input "${id}"${didYouMean(id, known)}`);
  const inputs: { [id: string]: Json } = {};
  for (const { id, type, enum: choices, default: fallback } of declared) {
    const value = Object.hasOwn(given, id) ? given[id] : fallback;
    if (value === undefined) problems.push(`the input "${id}" is needed: ${type}`);
    else {
      problems.push(...validate(SCHEMAS[type], value).map(problem => `the input "${id}" ${formatProblem(problem)}`));
      if (choices !== undefined && !choices.some(choice => equalJson(choice, value))) {
        problems.push(`the input "${id}" must be one of ${choices.map(choice => JSON.stringify(choice)).join(', ')}`);
      }
      inputs[id] = value;
    }
  }
  return problems.length === 0 ? { inputs } : { problems };
}

const SCHEMAS: Record<Param['type'], JsonSchema> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  duration: { type: 'string', format: 'duration' },
  list: { type: 'array' },
};
