import type { JsonSchema } from '../../base/schema.ts';
import type { EventType } from '../../event/event.ts';
import { eventSchema } from '../../event/event.ts';

const text = { type: 'string' } as const satisfies JsonSchema;

const hit = {
  kind: { ...text, enum: ['process', 'binary', 'host'] },
  phase: { ...text, enum: ['ingress', 'storage', 'query'], description: 'when it was found' },
  group: { ...text, description: 'sensor group' },
  link: text,
} as const satisfies { readonly [name: string]: JsonSchema };

/** A watchlist has hit, whether or not it raises alerts. One event for each process or binary. */
export const watchlistHitType: EventType = {
  name: 'carbonblack.watchlist-hit',
  description: 'A watchlist has hit a process or a binary, with or without an alert.',
  schema: eventSchema(
    {
      watchlist: { type: 'object', properties: { ...hit, id: text, name: text }, required: ['id', 'kind'] },
    },
    ['watchlist', 'raw'],
  ),
};

/** A feed has hit, whether or not it raises alerts: this is how the C2 addresses of a feed are found on endpoints. */
export const feedHitType: EventType = {
  name: 'carbonblack.feed-hit',
  description: 'An indicator of a threat-intelligence feed was seen on an endpoint, with or without an alert.',
  schema: eventSchema(
    {
      feed: {
        type: 'object',
        properties: {
          ...hit,
          id: text,
          name: text,
          report: text,
          score: { type: 'number', description: 'of the report, -100 to 100' },
          ioc: { type: 'object', properties: { type: text, value: text } },
          direction: { ...text, enum: ['inbound', 'outbound'], description: 'of the connection, as the host sees it' },
        },
        required: ['id', 'kind'],
      },
    },
    ['feed', 'raw'],
  ),
};

/** The server has a copy of an executable: from now on it can be fetched. */
export const fileStoredType: EventType = {
  name: 'carbonblack.file-stored',
  description: 'The server has stored a file that an endpoint ran or loaded; it can be fetched from now on.',
  schema: eventSchema(
    {
      stored: {
        type: 'object',
        properties: { compressed_size: { type: 'integer', minimum: 0 }, node: { type: 'integer' } },
      },
    },
    ['file', 'raw'],
  ),
};
