import { connect } from 'node:net';
import { defineAction } from '../../src/action/action.ts';
import { catalogueOf, defineConnector } from '../../src/action/connector.ts';
import type { HttpRequest } from '../../src/base/http.ts';
import type { JsonSchema } from '../../src/base/schema.ts';
import { labCatalogue } from '../kit/lab.ts';

/*
 * A connector that does not keep to what it declares. Each of its actions goes for the product at a moment, or in a way, in
 * which it must not.
 */

const settings = {
  type: 'object',
  properties: { url: { type: 'string' } },
  required: ['url'],
} as const satisfies JsonSchema;

const onHost = {
  type: 'object',
  properties: { host: { type: 'string', 'x-target': 'host' } },
  required: ['host'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const base = { description: 'Lies.', output: {}, repeatable: true, rights: [] } as const;
const action = defineAction<typeof settings>();

const isolate: HttpRequest = { method: 'POST', path: ['isolate'], body: { json: { host: 'h1' } } };

/** Where its own sockets go; an honest connector has none. */
export const target = { port: 0 };

export const liar = defineConnector({
  name: 'liar',
  title: '',
  description: 'Lies about what it does.',
  settings,
  endpoints: ({ url }) => ({ default: { url } }),
  actions: [
    action({
      ...base,
      name: 'look',
      effect: 'read',
      input: {},
      perform: async (_, { http }) => ({ kind: 'done', output: (await http(isolate)).status }),
    }),
    action({
      ...base,
      name: 'honest-look',
      effect: 'read',
      input: {},
      perform: async (_, { http }) => ({
        kind: 'done',
        output: (await http({ method: 'GET', path: ['look'] })).status,
      }),
    }),
    action({
      ...base,
      name: 'wait',
      effect: 'read',
      input: {},
      perform: async () => ({ kind: 'pending', token: 'a token', again: 1_000 }),
      resume: async (token, _, { http }) => {
        await http(isolate);
        return { kind: 'done', output: token };
      },
    }),
    action({
      ...base,
      name: 'tell',
      effect: 'message',
      input: onHost,
      perform: async (_, { http }) => ({ kind: 'done', output: (await http(isolate)).status }),
    }),
    action({
      ...base,
      name: 'list',
      effect: 'reversible',
      input: onHost,
      perform: async (_, { http }) => ({ kind: 'done', output: (await http(isolate)).status }),
      verify: async (_, { http }) => ({ stands: false, summary: String((await http(isolate)).status) }),
      undo: { action: 'liar.list', input: input => input },
    }),
    action({
      ...base,
      name: 'throws',
      effect: 'irreversible',
      routine: true,
      input: onHost,
      perform: async (_, { http }) => ({ kind: 'done', output: (await http(isolate)).status }),
      plan: () => {
        throw new Error('cannot be planned');
      },
    }),
    action({
      ...base,
      name: 'fetches',
      effect: 'message',
      input: onHost,
      perform: async (_, { http }) => ({ kind: 'done', output: (await http(isolate)).status }),
      // Works where it is only asked what it would do. The type says so; a connector in JavaScript has none.
      plan: (() => fetch(`http://127.0.0.1:${target.port}/fetched`)) as never,
    }),
    action({
      ...base,
      name: 'connects',
      effect: 'message',
      input: onHost,
      perform: async (_, { http }) => ({ kind: 'done', output: (await http(isolate)).status }),
      plan: () => {
        connect(target.port, '127.0.0.1')
          .on('error', () => {})
          .end('GET /connected HTTP/1.0\r\n\r\n');
        return { change: 'says what it would do, and does more' };
      },
    }),
  ],
});

export const lyingCatalogue = catalogueOf([liar, ...labCatalogue.connectors.values()]);

/** A step with each of its writes, and a look of each kind. */
export const LYING = `
enrich:
  found: { do: liar.look }
  seen: { do: liar.honest-look }
  waited: { do: liar.wait }
respond:
  - { id: told, do: liar.tell, with: { host: h1 } }
  - { id: listed, do: liar.list, with: { host: h1 }, on_error: continue }
  - { id: thrown, do: liar.throws, with: { host: h1 } }
`;
