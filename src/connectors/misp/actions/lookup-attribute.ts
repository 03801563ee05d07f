import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { JsonObject } from '../../../base/json.ts';
import { isObject, own } from '../../../base/json.ts';
import { textIn } from '../answer.ts';
import { ATTRIBUTES, findAttributes, hasOperator } from '../client.ts';
import type { settings } from '../settings.ts';

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;

export const lookupAttribute = defineAction<typeof settings>()({
  name: 'lookup-attribute',
  description: 'Which attributes of events have this value. That none has it is an answer.',
  effect: 'read',
  input: {
    type: 'object',
    properties: {
      value: { ...text, minLength: 1, maxLength: 2_048, description: 'an address, a domain, a URL, a hash …' },
    },
    required: ['value'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {
      found: { type: 'boolean' },
      count: { type: 'integer', description: 'of attributes' },
      complete: { type: 'boolean', description: 'whether these are all that MISP has' },
      to_ids: { type: 'boolean', description: 'whether one of them is meant for detection' },
      events: { ...texts, description: 'ids' },
      types: texts,
      categories: texts,
      tags: { ...texts, description: 'of the attributes, and of their events' },
      attributes: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            id: text,
            event: text,
            type: text,
            category: text,
            value: text,
            to_ids: { type: 'boolean' },
            tags: texts,
          },
          required: ['id', 'value', 'to_ids', 'tags'],
          additionalProperties: false,
        },
      },
    },
    required: ['found', 'count', 'complete', 'to_ids', 'events', 'types', 'categories', 'tags', 'attributes'],
    additionalProperties: false,
  },
  repeatable: true,
  asks: [ATTRIBUTES],
  rights: ['perm_auth'],
  perform: reading(async ({ value }, context) => {
    if (hasOperator(value))
      return {
        kind: 'failed',
        reason: 'invalid-input',
        detail: `MISP reads "&&", "||" and a leading "!" as operators, so ${JSON.stringify(value)} cannot be looked up`,
      };
    const { rows, complete } = await findAttributes(context, value);
    const attributes = rows.map(attributeOf);
    return {
      kind: 'done',
      output: {
        found: attributes.length > 0,
        count: attributes.length,
        complete,
        to_ids: attributes.some(attribute => attribute.to_ids),
        events: distinct(attributes.map(({ event }) => event)),
        types: distinct(attributes.map(({ type }) => type)),
        categories: distinct(attributes.map(({ category }) => category)),
        tags: distinct(attributes.flatMap(({ tags }) => tags)),
        attributes,
      },
    };
  }),
});

function attributeOf(row: JsonObject) {
  const optional = { event: textIn(row, 'event_id'), type: textIn(row, 'type'), category: textIn(row, 'category') };
  const toIds = own(row, 'to_ids');
  return {
    id: textIn(row, 'id') ?? '',
    value: textIn(row, 'value') ?? '',
    to_ids: toIds === true || toIds === 1 || toIds === '1',
    tags: distinct([...tagsOf(row), ...tagsOf(own(row, 'Event'))]),
    ...(optional.event === undefined ? {} : { event: optional.event }),
    ...(optional.type === undefined ? {} : { type: optional.type }),
    ...(optional.category === undefined ? {} : { category: optional.category }),
  };
}

function tagsOf(holder: unknown): (string | undefined)[] {
  const tags = own(holder, 'Tag');
  return Array.isArray(tags) ? tags.map(tag => (isObject(tag) ? textIn(tag, 'name') : undefined)) : [];
}

function distinct(all: readonly (string | undefined)[]): string[] {
  return [...new Set(all.filter(one => one !== undefined))];
}
