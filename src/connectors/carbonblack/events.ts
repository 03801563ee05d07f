import type { JsonSchema } from '../../base/schema.ts';
import type { EventType } from '../../event/event.ts';
import { eventSchema } from '../../event/event.ts';

/** What an alert's status can be (vendor). */
export const ALERT_STATUSES = ['Unresolved', 'In Progress', 'Resolved', 'False Positive'] as const;

const alertProperties = {
  id: { type: 'string' },
  status: { type: 'string', enum: ALERT_STATUSES },
  type: { type: 'string', description: 'for example watchlist.hit.query.process' },
  score: { type: 'number', description: 'of the report, 0 to 100; severity weighs in how critical the sensor is' },
  ioc: { type: 'object', properties: { type: { type: 'string' }, value: { type: 'string' } } },
  feed: {
    type: 'object',
    properties: { id: { type: 'integer' }, name: { type: 'string' }, report: { type: 'string' } },
    description: 'the feed that has hit; not there where a watchlist has',
  },
  group: { type: 'string', description: 'sensor group' },
  link: { type: 'string' },
} as const satisfies { readonly [name: string]: JsonSchema };

/** A watchlist or feed with the alert action has hit. Alerts on binaries name a host but neither its address nor its sensor. */
export const alertType: EventType = {
  name: 'carbonblack.alert',
  description: 'A new alert.',
  schema: eventSchema({ alert: { type: 'object', properties: alertProperties, required: ['id', 'status'] } }, [
    'alert',
    'severity',
  ]),
};

export const alertStatusType: EventType = {
  name: 'carbonblack.alert-status',
  description: 'The status of an alert has changed; opening it again is a change like any other.',
  schema: eventSchema(
    {
      alert: {
        type: 'object',
        properties: {
          ...alertProperties,
          previous: { ...alertProperties.status, description: 'status before the change' },
        },
        required: ['id', 'status', 'previous'],
      },
    },
    ['alert', 'severity'],
  ),
};
