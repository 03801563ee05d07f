import { expect, test } from 'vitest';
import { testCatalogue } from '../../test/kit/catalogue.ts';
import type { JsonSchema } from '../base/schema.ts';
import { eventOf, fieldAt } from './event-types.ts';
import type { Playbook, Trigger } from './playbook.ts';

const span = { file: 'f', start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 1, offset: 0 } };
const event = (name: string): Trigger => ({ kind: 'event', event: name, span });

function eventFor(...triggers: Trigger[]) {
  return eventOf({ triggers, inputs: [] } as unknown as Playbook, testCatalogue);
}

test('one trigger: the schema of its type', () => {
  expect(eventFor(event('carbonblack.alert'))).toEqual({
    schema: testCatalogue.eventTypes.get('carbonblack.alert')?.schema,
    maybeAbsent: false,
  });
});

test('two triggers: every field of either, and certain is what both have', () => {
  const schema = eventFor(event('carbonblack.alert'), event('idp.sign-in'))?.schema;
  expect(schema?.required).toEqual(['id', 'origin', 'type', 'time']);
  expect(schema?.properties?.['outcome']?.enum).toEqual(['success', 'failure']);
  expect(schema?.properties?.['alert']?.required).toEqual(['id', 'status']);
});

test('a trigger that brings no event makes it one that may be absent', () => {
  expect(eventFor(event('carbonblack.alert'), { kind: 'manual', span })?.maybeAbsent).toBe(true);
  expect(eventFor({ kind: 'manual', span })).toBeUndefined();
});

const schema: JsonSchema = {
  type: 'object',
  properties: {
    host: { type: 'object', properties: { ip: { type: 'array', items: { type: 'string' } } } },
    raw: { type: 'object' },
    parts: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } } },
  },
};

test.each([
  ['host.ip', { type: 'array', items: { type: 'string' } }],
  ['parts.name', { type: 'string' }],
  ['raw.anything.at.all', {}],
  ['host.name', undefined],
  ['host.ip.x', undefined],
  ['constructor', undefined],
])('the field %s', (field, found) => {
  expect(fieldAt(schema, field.split('.'))).toEqual(found);
});
