import type { JsonSchema } from '../base/schema.ts';
import type { Action } from './action.ts';
import { defineAction } from './action.ts';
import { OWN } from './own.ts';

/*
 * What playbooks do with Backline itself (LANGUAGE 9.1). Declared like any connector's actions and called like them; but
 * the engine performs them, on its own store (engine/own-performer.ts).
 */

const action = defineAction<{ readonly type: 'object' }>();

function performedElsewhere(): never {
  throw new Error(`actions of ${OWN} are performed by the engine`);
}

const own = { repeatable: true, rights: [], perform: performedElsewhere } as const;
const text = { type: 'string', minLength: 1 } as const satisfies JsonSchema;
const span = { type: 'string', format: 'duration' } as const satisfies JsonSchema;
const time = { type: 'string', format: 'date-time' } as const satisfies JsonSchema;
const count = { type: 'integer', minimum: 0 } as const satisfies JsonSchema;
const texts = { type: 'array', items: text } as const satisfies JsonSchema;

const key = { ...text, maxLength: 512, description: 'a name; each playbook has its own' } as const;
const list = { ...text, description: 'a list that is kept' } as const;
const value = { ...text, maxLength: 2_048, description: 'compared as the kind of the list says' } as const;

const listed = {
  type: 'object',
  properties: {
    found: { type: 'boolean' },
    note: text,
    until: { ...time, description: 'when it leaves the list by itself' },
  },
  required: ['found'],
} as const satisfies JsonSchema;

const nothing = { type: 'object', properties: {} } as const satisfies JsonSchema;

const actions = [
  action({
    ...own,
    name: 'list-check',
    description: 'Whether a list that is kept has a value, or what the value is part of.',
    effect: 'read',
    input: { type: 'object', properties: { list, value }, required: ['list', 'value'], additionalProperties: false },
    output: listed,
  }),
  action({
    ...own,
    name: 'list-add',
    description: 'Puts a value on a list that is kept; says whether it was there.',
    effect: 'read',
    keeps: true,
    input: {
      type: 'object',
      properties: {
        list,
        value,
        note: { ...text, 'x-text': 'people' },
        for: { ...span, description: 'no end if not given' },
      },
      required: ['list', 'value'],
      additionalProperties: false,
    },
    output: listed,
  }),
  action({
    ...own,
    name: 'list-remove',
    description: 'Takes a value off a list that is kept; says whether it was there.',
    effect: 'read',
    keeps: true,
    input: { type: 'object', properties: { list, value }, required: ['list', 'value'], additionalProperties: false },
    output: listed,
  }),
  action({
    ...own,
    name: 'remember',
    description: 'Keeps a value for later runs of this playbook.',
    effect: 'read',
    keeps: true,
    input: {
      type: 'object',
      properties: { key, value: { description: 'at most 64 KiB as JSON' }, for: span },
      required: ['key', 'value', 'for'],
      additionalProperties: false,
    },
    output: nothing,
  }),
  action({
    ...own,
    name: 'recall',
    description: 'What a run of this playbook has remembered; without `value` where there is nothing.',
    effect: 'read',
    input: { type: 'object', properties: { key }, required: ['key'], additionalProperties: false },
    output: {
      type: 'object',
      properties: { value: {}, at: time, run: { ...text, description: 'the run that remembered it' } },
    },
  }),
  action({
    ...own,
    name: 'count',
    description: 'Counts this run, and says how often that was so within a time.',
    effect: 'read',
    keeps: true,
    input: {
      type: 'object',
      properties: {
        key,
        within: { ...span, description: 'looked back from now, at most 90d' },
        value: { ...text, maxLength: 512, description: 'told apart by `distinct`' },
        add: { type: 'number', description: 'summed up by `sum`' },
      },
      required: ['key', 'within'],
      additionalProperties: false,
    },
    output: {
      type: 'object',
      properties: { count, distinct: count, sum: { type: 'number' }, first: time, last: time },
      required: ['count', 'distinct', 'sum', 'first', 'last'],
    },
  }),
  action({
    ...own,
    name: 'timeline',
    description: 'What products reported of a host, in the order of time.',
    effect: 'read',
    input: {
      type: 'object',
      properties: {
        host: { ...text, description: 'its name, or `event.host.key`' },
        since: { ...text, description: 'a time, or how long before `until`: 24h' },
        until: { ...text, description: 'a time, or how long ago; now if not given' },
        remote: { ...text, description: 'only what is about this address, domain or URL' },
      },
      required: ['host', 'since'],
      additionalProperties: false,
    },
    output: {
      type: 'object',
      properties: {
        entries: {
          type: 'array',
          items: {
            type: 'object',
            properties: { time, stage: text, product: text, disposition: text, summary: text },
            required: ['time', 'product', 'summary'],
          },
        },
        stages: { ...texts, description: 'that were seen, in the order of the kill chain' },
        first: time,
        last: time,
        active: { type: 'boolean', description: 'something that was not blocked was seen in the last hour' },
        blocked_all: { type: 'boolean', description: 'all that products judged they have blocked' },
        text: { type: 'string', description: 'a line each' },
      },
      required: ['entries', 'stages', 'active', 'blocked_all', 'text'],
    },
  }),
  action({
    ...own,
    name: 'responses',
    description: 'Which responses are in force, newest first; all of them where nothing narrows it.',
    effect: 'read',
    input: {
      type: 'object',
      properties: { incident: text, action: text, target: { ...text, description: 'one of its targets' }, run: text },
      additionalProperties: false,
    },
    output: {
      type: 'object',
      properties: {
        responses: {
          type: 'array',
          items: {
            type: 'object',
            properties: { response: text, run: text, step: text, action: text, target: text, since: time, until: time },
            required: ['response', 'run', 'step', 'action', 'target', 'since'],
          },
        },
        oldest: time,
      },
      required: ['responses'],
    },
  }),
  action({
    ...own,
    name: 'undo',
    description: 'Takes back a response, or all that a run or an incident holds.',
    effect: 'irreversible',
    timeout: 600_000,
    input: {
      type: 'object',
      properties: { response: text, incident: text, run: text, because: { ...text, 'x-text': 'people' } },
      required: ['because'],
      additionalProperties: false,
    },
    output: { type: 'object', properties: { undone: texts, left: texts }, required: ['undone', 'left'] },
    plan: input => ({ change: `takes back what ${subjectOf(input)} holds` }),
  }),
  action({
    ...own,
    name: 'note',
    description: 'Adds to the record of an incident.',
    effect: 'message',
    input: {
      type: 'object',
      properties: {
        incident: { ...text, description: "the run's own if not given" },
        text: { ...text, maxLength: 65_536, 'x-text': 'people' },
      },
      required: ['text'],
      additionalProperties: false,
    },
    output: nothing,
    plan: ({ incident, text: note }) => ({
      change: `note${incident === undefined ? '' : ` on ${incident}`}: ${JSON.stringify(note)}`,
      output: {},
    }),
  }),
];

function subjectOf({ response, incident, run }: { response?: string; incident?: string; run?: string }): string {
  if (response !== undefined) return `response ${response}`;
  return run === undefined ? `incident ${incident ?? ''}` : `run ${run}`;
}

// As in `defineConnector`: the schemas, checked before each call, are what joins the types again.
export const ownActions: readonly Action[] = actions.map(definition => ({
  ...(definition as unknown as Action),
  connector: OWN,
  fullName: `${OWN}.${definition.name}`,
}));
