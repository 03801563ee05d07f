import type { ActionDefinition, Undo } from '../../src/action/action.ts';
import { catalogueOf, defineConnector } from '../../src/action/connector.ts';
import type { Standing } from '../../src/action/outcome.ts';
import type { Json, JsonObject } from '../../src/base/json.ts';
import { own } from '../../src/base/json.ts';
import type { JsonSchema } from '../../src/base/schema.ts';
import { withEventTypes } from '../../src/playbook/local-events.ts';
import { COMMON, eventSchema } from '../../src/event/event.ts';

/*
 * A product with one action of every kind that the engine tells apart: of every effect, repeatable or not, with a way to
 * look it up or none. It is only declared here; `Board` plays it.
 */

const empty = { type: 'object', properties: {} } as const satisfies JsonSchema;
const onHost = {
  type: 'object',
  properties: { host: { type: 'string', minLength: 1, 'x-target': 'host' }, level: { type: 'integer' } },
  required: ['host'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Declared = ActionDefinition<object, JsonObject, JsonObject>;

function played(): never {
  throw new Error('the lab is declared, never performed');
}

/** What `verify` is there for: the engine only asks where it is declared. */
const verify = (): Promise<Standing> => played();

const undoneBy = (name: string): Undo<JsonObject, JsonObject> => ({
  action: `lab.${name}`,
  input: input => ({ host: own(input, 'host') ?? null }) satisfies Json,
});

const onName = {
  type: 'object',
  properties: { name: { type: 'string' } },
  required: ['name'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const named = (name: string): Undo<JsonObject, JsonObject> => ({ action: `lab.${name}`, input: input => input });

const write = { effect: 'reversible', rights: [], input: onHost, output: empty, perform: played } as const;

const actions: readonly Declared[] = [
  {
    name: 'look',
    description: 'Looks something up.',
    effect: 'read',
    repeatable: true,
    rights: [],
    input: { type: 'object', properties: { what: { type: 'string' } }, additionalProperties: false },
    output: {
      type: 'object',
      properties: { score: { type: 'integer' }, hosts: { type: 'array', items: { type: 'string' } } },
      required: ['score'],
    },
    perform: played,
  },
  {
    ...write,
    name: 'list',
    description: 'Repeatable, and can be looked up.',
    repeatable: true,
    verify,
    undo: undoneBy('unlist'),
  },
  { ...write, name: 'unlist', description: 'Undoes list.', repeatable: true, verify, undo: undoneBy('list') },
  {
    ...write,
    name: 'isolate',
    description: 'Not repeatable, but can be looked up.',
    repeatable: false,
    verify,
    undo: undoneBy('release'),
  },
  { ...write, name: 'release', description: 'Undoes isolate.', repeatable: false, verify, undo: undoneBy('isolate') },
  {
    ...write,
    name: 'press',
    description: 'Neither repeatable nor to be looked up.',
    repeatable: false,
    undo: undoneBy('unpress'),
  },
  { ...write, name: 'unpress', description: 'Undoes press.', repeatable: true, undo: undoneBy('press') },
  {
    ...write,
    name: 'mark',
    description: 'Repeatable, and cannot be looked up.',
    repeatable: true,
    undo: undoneBy('unmark'),
  },
  { ...write, name: 'unmark', description: 'Undoes mark.', repeatable: true, undo: undoneBy('mark') },
  {
    ...write,
    name: 'set',
    description: 'Names no target.',
    repeatable: true,
    input: onName,
    verify,
    undo: named('unset'),
  },
  { ...write, name: 'unset', description: 'Undoes set.', repeatable: true, input: onName, verify, undo: named('set') },
  {
    name: 'wipe',
    description: 'Cannot be taken back.',
    effect: 'irreversible',
    routine: true,
    repeatable: false,
    rights: [],
    input: onHost,
    output: empty,
    perform: played,
  },
  {
    name: 'tell',
    description: 'Tells people.',
    effect: 'message',
    repeatable: false,
    rights: [],
    input: {
      type: 'object',
      properties: { to: { type: 'string' }, subject: { type: 'string', 'x-text': 'people' } },
      required: ['to', 'subject'],
      additionalProperties: false,
    },
    output: empty,
    perform: played,
  },
];

const alarm = {
  type: 'object',
  properties: { id: { type: 'string' } },
  required: ['id'],
} as const satisfies JsonSchema;

/** Every alarm names its host. */
const host: JsonSchema = { ...COMMON['host'], required: ['name'] };

export const lab = defineConnector({
  name: 'lab',
  title: '',
  description: 'Everything an engine can meet.',
  settings: empty,
  endpoints: () => ({}),
  events: [
    { name: 'lab.alarm', description: 'Something is wrong.', schema: eventSchema({ alarm, host }, ['alarm', 'host']) },
    { name: 'lab.cleared', description: 'It is not any more.', schema: eventSchema({ alarm }, ['alarm']) },
  ],
  actions,
});

/** With an event of the project's own. */
export const labCatalogue = withEventTypes(catalogueOf([lab]), [
  {
    name: 'local.spread',
    description: 'It has reached others.',
    schema: eventSchema({ hosts: { type: 'array', items: {} }, level: { type: 'integer' } }, ['level']),
  },
]);
