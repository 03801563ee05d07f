import type { EventType } from '../event/event.ts';
import { eventSchema } from '../event/event.ts';

/** What is Backline's own, and no product's: its events have this origin, and no source may bring one. */
export const OWN = 'backline';

/** Raised by the clock, for one schedule of one playbook. */
export const SCHEDULE_EVENT = `${OWN}.schedule`;

/** A person closed an incident. */
export const INCIDENT_CLOSED_EVENT = `${OWN}.incident-closed`;
/** A run of an active playbook ended as failed. */
export const RUN_FAILED_EVENT = `${OWN}.run-failed`;
/** A response is not in force any more. */
export const RESPONSE_ENDED_EVENT = `${OWN}.response-ended`;

/** What an incident turned out to be. */
export const INCIDENT_RESULTS = ['true-positive', 'false-positive', 'benign'] as const;
export type IncidentResult = (typeof INCIDENT_RESULTS)[number];

const text = { type: 'string' } as const;
const time = { type: 'string', format: 'date-time' } as const;

const incident = {
  type: 'object',
  properties: { key: { ...text, description: 'the `incident` of the playbook that it is about' } },
  required: ['key'],
  additionalProperties: false,
} as const;
const run = {
  type: 'object',
  properties: { id: text, playbook: text },
  required: ['id', 'playbook'],
  additionalProperties: false,
} as const;

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
  {
    name: INCIDENT_CLOSED_EVENT,
    description: 'A person has closed an incident.',
    schema: eventSchema(
      {
        incident: {
          ...incident,
          properties: { ...incident.properties, result: { type: 'string', enum: INCIDENT_RESULTS }, by: text },
          required: ['key', 'result', 'by'],
        },
      },
      ['incident'],
    ),
  },
  {
    name: RUN_FAILED_EVENT,
    description: 'A run of an active playbook has failed.',
    schema: eventSchema({ incident, run: { ...run, properties: { ...run.properties, because: text } } }, [
      'incident',
      'run',
    ]),
  },
  {
    name: RESPONSE_ENDED_EVENT,
    description: 'A response is not in force any more, or could not be taken back.',
    schema: eventSchema(
      {
        incident,
        run,
        response: {
          type: 'object',
          properties: {
            key: text,
            action: text,
            target: { ...text, description: 'all of them, where there are several' },
            state: { type: 'string', enum: ['undone', 'gone', 'left'] },
            because: text,
          },
          required: ['key', 'action', 'target', 'state', 'because'],
          additionalProperties: false,
        },
      },
      ['incident', 'run', 'response'],
    ),
  },
];
