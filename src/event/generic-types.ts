import type { JsonSchema } from '../base/schema.ts';
import type { EventType } from './event.ts';
import { eventSchema } from './event.ts';

const text = { type: 'string' } as const satisfies JsonSchema;
const fields = {
  type: 'object',
  description: 'by name, as the product wrote them; of a name that came twice, the last',
} as const satisfies JsonSchema;
const product = {
  type: 'object',
  properties: { vendor: text, name: text, version: text },
} as const satisfies JsonSchema;

/** A line in ArcSight's Common Event Format, of a product that no connector knows. */
export const cefType: EventType = {
  name: 'generic.cef',
  description: 'A log line in the Common Event Format.',
  schema: eventSchema(
    {
      cef: {
        type: 'object',
        properties: {
          product,
          signature: { ...text, description: 'the kind of event, as the product numbers or names it' },
          name: text,
          severity: { ...text, description: 'as written' },
          message: { ...text, description: 'msg' },
          category: { ...text, description: 'cat' },
          action: { ...text, description: 'act' },
          fields,
        },
        required: ['product', 'signature', 'name', 'fields'],
      },
    },
    ['cef', 'raw'],
  ),
};

/** A line in QRadar's Log Event Extended Format, of a product that no connector knows. */
export const leefType: EventType = {
  name: 'generic.leef',
  description: 'A log line in the Log Event Extended Format.',
  schema: eventSchema(
    {
      leef: {
        type: 'object',
        properties: { product, event: text, category: { ...text, description: 'cat' }, fields },
        required: ['product', 'event', 'fields'],
      },
    },
    ['leef', 'raw'],
  ),
};

/** Any other line: a header, and what was said. */
export const syslogType: EventType = {
  name: 'generic.syslog',
  description: 'A log line of no form that is known.',
  schema: eventSchema(
    {
      syslog: {
        type: 'object',
        properties: {
          facility: { type: 'integer', minimum: 0, maximum: 23 },
          severity: { type: 'integer', minimum: 0, maximum: 7, description: '0 is the worst (RFC 5424)' },
          host: text,
          app: text,
          process: text,
          message: { ...text, description: 'the id of the message (RFC 5424)' },
          text: { ...text, description: 'behind the header' },
          fields,
        },
        required: ['text'],
      },
    },
    ['syslog', 'raw'],
  ),
};

export const genericTypes: readonly EventType[] = [cefType, leefType, syslogType];
