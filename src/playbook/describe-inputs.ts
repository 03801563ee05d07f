import type { JsonSchema } from '../base/schema.ts';

/** `inputs: sensor (integer, required, target), reason (string)`. */
export function describeInputs(schema: JsonSchema): string {
  const inputs = Object.entries(schema.properties ?? {});
  if (inputs.length === 0) return 'this action takes no inputs';
  return `inputs: ${inputs.map(([name, input]) => `${name} (${traits(input, schema.required?.includes(name) ?? false)})`).join(', ')}`;
}

function traits(input: JsonSchema, isRequired: boolean): string {
  const isTarget = (input['x-target'] ?? input.items?.['x-target']) !== undefined;
  return [input.type ?? 'anything', ...(isRequired ? ['required'] : []), ...(isTarget ? ['target'] : [])].join(', ');
}
