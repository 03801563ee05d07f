import type { ActionDefinition } from '../../src/action/action.ts';
import type { Catalogue } from '../../src/action/connector.ts';
import { catalogueOf, defineConnector } from '../../src/action/connector.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { own } from '../../src/base/json.ts';
import type { JsonSchema } from '../../src/base/schema.ts';
import { labCatalogue } from '../kit/lab.ts';

const onHost = {
  type: 'object',
  properties: { host: { type: 'string', 'x-target': 'host' } },
  required: ['host'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const settings = { type: 'object', properties: {} } as const satisfies JsonSchema;

function unasked(): never {
  throw new Error('nothing is performed in a plan');
}

const base = { output: { type: 'object', properties: {} }, repeatable: true, rights: [], perform: unasked } as const;

const actions: readonly ActionDefinition<object, JsonObject, JsonObject>[] = [
  { ...base, name: 'see', description: 'Looks at a host.', effect: 'read', input: onHost },
  { ...base, name: 'page', description: 'Tells people of a host.', effect: 'message', input: onHost },
  {
    ...base,
    name: 'say',
    description: 'Says a text, and in a plan, which.',
    effect: 'message',
    input: {
      type: 'object',
      properties: { text: { type: 'string', 'x-text': 'people' } },
      additionalProperties: false,
    },
    plan: input => ({ change: `says ${String(own(input, 'text'))}` }),
  },
  {
    ...base,
    name: 'upload',
    description: 'A look-up that sends a file out of the house.',
    effect: 'read',
    discloses: true,
    input: { type: 'object', properties: {}, additionalProperties: false },
    output: { type: 'object', properties: { score: { type: 'integer' } }, required: ['score'] },
  },
];

/** The lab's product with what plans treat apart. */
export function withMore(more: readonly ActionDefinition<object, JsonObject, JsonObject>[] = actions): Catalogue {
  const lab = labCatalogue.connectors.get('lab');
  if (lab === undefined) throw new Error('the lab has a product');
  const shared = { name: 'lab', title: '', description: '', settings, endpoints: () => ({}), events: lab.events };
  // What they take for granted of their types is checked by their schemas.
  const declared = lab.actions as readonly unknown[] as readonly ActionDefinition<object, JsonObject, JsonObject>[];
  return catalogueOf([defineConnector({ ...shared, actions: [...declared, ...more] })]);
}
