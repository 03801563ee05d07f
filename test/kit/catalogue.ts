import { defineAction } from '../../src/action/action.ts';
import type { Callable, Catalogue } from '../../src/action/connector.ts';
import { catalogueOf, defineConnector } from '../../src/action/connector.ts';
import type { JsonSchema } from '../../src/base/schema.ts';
import { eventSchema } from '../../src/event/event.ts';
import { withEventTypes } from '../../src/playbook/local-events.ts';

/** Small connectors for tests of the language: one action of every effect, and what LANGUAGE's example uses. Nothing is performed. */

const settings = { type: 'object', properties: {} } as const satisfies JsonSchema;
const action = defineAction<typeof settings>();
const none = { type: 'object', properties: {} } as const satisfies JsonSchema;

function unperformed(): never {
  throw new Error('actions of the test catalogue are declared, never performed');
}

const read = { effect: 'read', repeatable: true, rights: [], perform: unperformed } as const;
const message = { effect: 'message', repeatable: false, rights: [], perform: unperformed } as const;
const irreversible = { effect: 'irreversible', repeatable: false, rights: [], perform: unperformed } as const;

const connector = { title: '', settings, endpoints: () => ({}) };

const host = {
  type: 'object',
  properties: {
    sensor: { type: 'integer', 'x-target': 'host', description: 'sensor id' },
    reason: { type: 'string', 'x-text': 'people' },
  },
  required: ['sensor'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const alertStatuses = ['Unresolved', 'In Progress', 'Resolved', 'False Positive'] as const;

const carbonblack = defineConnector({
  ...connector,
  name: 'carbonblack',
  description: 'Endpoint detection, as in the reference example.',
  events: [
    {
      name: 'carbonblack.alert',
      description: 'An alert.',
      schema: eventSchema(
        {
          alert: {
            type: 'object',
            properties: { id: { type: 'string' }, status: { type: 'string', enum: alertStatuses } },
            required: ['id', 'status'],
          },
        },
        ['severity', 'host', 'alert'],
      ),
    },
    {
      name: 'carbonblack.alert-status',
      description: 'An alert was taken up, resolved or found false.',
      schema: eventSchema(
        {
          alert: {
            type: 'object',
            properties: { id: { type: 'string' }, status: { type: 'string', enum: alertStatuses } },
            required: ['id', 'status'],
          },
        },
        ['alert'],
      ),
    },
  ],
  actions: [
    action({
      ...read,
      name: 'find-sensor',
      description: 'Finds exactly one sensor.',
      input: {
        type: 'object',
        properties: { id: { type: 'string', 'x-target': 'host' }, name: { type: 'string', 'x-target': 'host' } },
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: {
          id: { type: 'integer' },
          name: { type: 'string' },
          addresses: { type: 'array', items: { type: 'string', format: 'ip' } },
          group: { type: 'string' },
        },
        required: ['id', 'name', 'addresses'],
      },
    }),
    action({
      ...read,
      name: 'search-processes',
      description: 'Processes that ran a file.',
      input: {
        type: 'object',
        properties: { md5: { type: 'string', format: 'md5' }, rows: { type: 'integer', minimum: 1, maximum: 100 } },
        required: ['md5'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: {
          processes: {
            type: 'array',
            items: {
              type: 'object',
              properties: { sensor: { type: 'integer' }, host: { type: 'string' }, pid: { type: 'integer' } },
              required: ['sensor', 'host'],
            },
          },
        },
        required: ['processes'],
      },
    }),
    action({
      name: 'isolate-host',
      description: 'Cuts a host off from the network.',
      effect: 'reversible',
      repeatable: true,
      rights: [],
      input: host,
      output: {
        type: 'object',
        properties: { since: { type: 'string', format: 'date-time' } },
        required: ['since'],
      },
      perform: unperformed,
      undo: { action: 'carbonblack.release-host', input: ({ sensor }) => ({ sensor }) },
    }),
    action({
      name: 'release-host',
      description: 'Lets a host back.',
      effect: 'reversible',
      repeatable: true,
      rights: [],
      input: host,
      output: none,
      perform: unperformed,
      undo: { action: 'carbonblack.isolate-host', input: ({ sensor }) => ({ sensor }) },
    }),
    action({
      ...irreversible,
      name: 'kill-process',
      description: 'Ends a process.',
      input: {
        type: 'object',
        properties: { sensor: { type: 'integer', 'x-target': 'host' }, guid: { type: 'string' } },
        required: ['sensor', 'guid'],
        additionalProperties: false,
      },
      output: none,
    }),
  ],
});

const address = {
  type: 'object',
  properties: { ip: { type: 'string', format: 'ip', 'x-target': 'ip' } },
  required: ['ip'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const skyatp = defineConnector({
  ...connector,
  name: 'skyatp',
  description: 'Threat intelligence with a feed of infected hosts.',
  actions: [
    action({
      ...read,
      name: 'lookup-hash',
      description: 'What is known of a file.',
      input: {
        type: 'object',
        properties: { sha256: { type: 'string', format: 'sha256' } },
        required: ['sha256'],
        additionalProperties: false,
      },
      output: {
        type: 'object',
        properties: { found: { type: 'boolean' }, score: { type: 'integer', minimum: 0, maximum: 10 } },
        required: ['found'],
      },
    }),
    action({
      name: 'add-infected-host',
      description: 'Lists an address as infected.',
      effect: 'reversible',
      repeatable: true,
      rights: [],
      input: address,
      output: none,
      perform: unperformed,
      undo: { action: 'skyatp.remove-infected-host', input: ({ ip }) => ({ ip }) },
    }),
    action({
      name: 'remove-infected-host',
      description: 'Takes an address off the list.',
      effect: 'reversible',
      repeatable: true,
      rights: [],
      input: address,
      output: none,
      perform: unperformed,
      undo: { action: 'skyatp.add-infected-host', input: ({ ip }) => ({ ip }) },
    }),
  ],
});

const srx = defineConnector({
  ...connector,
  name: 'srx',
  description: 'A firewall that polls the feed.',
  actions: [
    action({
      ...read,
      name: 'check-address',
      description: 'Whether the traffic of an address is dropped.',
      input: address,
      output: { type: 'object', properties: { dropped: { type: 'boolean' } }, required: ['dropped'] },
    }),
  ],
});

const notice = {
  type: 'object',
  properties: {
    to: { type: 'string', minLength: 1 },
    subject: { type: 'string', 'x-text': 'people' },
    body: { type: 'string', 'x-text': 'people' },
  },
  required: ['to', 'subject'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const notify = defineConnector({
  ...connector,
  name: 'notify',
  description: 'Tells people.',
  actions: [
    action({ ...message, name: 'send', description: 'Sends a message.', input: notice, output: none }),
    action({ ...message, name: 'page', description: 'Wakes somebody.', input: notice, output: none }),
  ],
});

const idp = defineConnector({
  ...connector,
  name: 'idp',
  description: 'An identity provider.',
  events: [
    {
      name: 'idp.sign-in',
      description: 'Somebody signed in, or tried to.',
      schema: eventSchema({ outcome: { type: 'string', enum: ['success', 'failure'] } }, ['outcome', 'user']),
    },
  ],
  actions: [
    action({
      ...irreversible,
      routine: true,
      name: 'end-sessions',
      description: 'Ends the sessions of a user.',
      input: {
        type: 'object',
        properties: { user: { type: 'string', 'x-target': 'user' }, device: { type: 'string' } },
        required: ['user'],
        additionalProperties: false,
      },
      output: none,
    }),
  ],
});

export const testCatalogue: Catalogue = {
  ...withEventTypes(catalogueOf([carbonblack, skyatp, srx, notify, idp]), [
    {
      name: 'local.spread',
      description: 'It has reached others.',
      schema: eventSchema({ hosts: { type: 'array', items: {} }, level: { type: 'integer' } }, ['level']),
    },
  ]),
  callables: new Map([
    ['contain', called([])],
    ['around', called(['example'])],
  ]),
};

/** A playbook that isolates a host, with what it calls. */
function called(calls: readonly string[]): Callable {
  return {
    inputs: {
      type: 'object',
      properties: { host: { type: 'string' } },
      required: ['host'],
      additionalProperties: false,
    },
    output: {
      type: 'object',
      properties: { isolated: { type: 'boolean', 'x-unsure': true } },
      required: ['isolated'],
      additionalProperties: false,
    },
    changes: true,
    calls,
    steps: ['isolate'],
  };
}
