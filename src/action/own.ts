import type { EventType } from '../event/event.ts';
import { eventSchema } from '../event/event.ts';

/** What is Backline's own, and no product's: its events have this origin, and no source may bring one. */
export const OWN = 'backline';

/** Raised by the clock, for one schedule of one playbook. */
export const SCHEDULE_EVENT = `${OWN}.schedule`;

const text = { type: 'string' } as const;
const time = { type: 'string', format: 'date-time' } as const;

export const ownEventTypes: readonly EventType[] = [
  {
    name: SCHEDULE_EVENT,
    description: 'A schedule of a playbook is due.',
    schema: eventSchema(
      {
        schedule: {
          type: 'object',
          properties: {
            due: { ...time, description: 'when it was due' },
            last: { ...time, description: 'when the run before was due; absent the first time' },
            playbook: { ...text, description: 'whose schedule it is' },
            cron: text,
            timezone: text,
          },
          required: ['due', 'playbook', 'cron', 'timezone'],
          additionalProperties: false,
        },
      },
      ['schedule'],
    ),
  },
];
