import { expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import type { Json } from '../base/json.ts';
import type { JsonSchema } from '../base/schema.ts';
import { validate } from '../base/schema.ts';
import { connectors } from '../connectors/connectors.ts';
import { complete } from './complete.ts';

test.each([...catalogueOf(connectors).actions.values()])(
  '$fullName: what nobody scripted is made up so that it fits',
  ({ output }) => {
    expect(validate(output, complete(output, {}))).toEqual([]);
    expect(validate(output, complete(output, undefined))).toEqual([]);
  },
);

const host = {
  type: 'object',
  properties: { id: { type: 'integer', minimum: 1 }, name: { type: 'string' }, note: { type: 'string' } },
  required: ['id', 'name'],
} as const satisfies JsonSchema;

test.each<[what: string, schema: JsonSchema, partial: Json | undefined, whole: Json]>([
  ['given fields stay, required ones are filled', host, { id: 7 }, { id: 7, name: '' }],
  ['what is not required stays away', host, { id: 7, name: 'a', extra: true }, { id: 7, name: 'a', extra: true }],
  ['inner objects are filled', { type: 'object', properties: { host } }, { host: {} }, { host: { id: 1, name: '' } }],
  ['items of lists are filled', { type: 'array', items: host }, [{ name: 'a' }], [{ name: 'a', id: 1 }]],
  ['a choice is its first', { enum: ['b', 'a'] }, undefined, 'b'],
  ['a constant is itself', { const: true }, undefined, true],
  ['a format is kept', { type: 'string', format: 'ip' }, undefined, '192.0.2.1'],
  ['what is wrong stays wrong, for the engine to say', host, 'seven', 'seven'],
  ['null is an answer', { type: 'string' }, null, null],
])('%s', (_, schema, partial, whole) => {
  expect(complete(schema, partial)).toEqual(whole);
});

test('a field called __proto__ is a field', () => {
  const partial = JSON.parse('{"__proto__": {"id": 1}}') as Json;
  const whole = complete(host, partial);
  expect(JSON.stringify(whole)).toBe('{"__proto__":{"id":1},"id":1,"name":""}');
  expect(Object.getPrototypeOf(whole)).toBe(Object.prototype);
});
