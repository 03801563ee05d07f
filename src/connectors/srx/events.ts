import type { JsonSchema } from '../../base/schema.ts';
import type { EventType } from '../../event/event.ts';
import { eventSchema } from '../../event/event.ts';

const text = { type: 'string' } as const satisfies JsonSchema;
const whole = { type: 'integer', minimum: 0 } as const satisfies JsonSchema;

/** Where in the firewall's rules a session was, as far as a message says. */
const session = {
  type: 'object',
  properties: {
    id: text,
    policy: text,
    from_zone: text,
    to_zone: text,
    interface: { ...text, description: 'that the packet came in by' },
    protocol: { ...text, description: 'its number, or its name' },
    service: text,
    application: text,
    nested_application: text,
    reason: text,
  },
} as const satisfies JsonSchema;

const action = { ...text, description: 'what the firewall did, in its own word' } as const;

export const sessionDeniedType: EventType = {
  name: 'srx.session-denied',
  description: 'A policy has denied a session. Of a policy that drops a list of yours, it proves that the block works.',
  schema: eventSchema({ session }, ['session', 'disposition', 'raw']),
};

export const idpAttackType: EventType = {
  name: 'srx.idp-attack',
  description: 'Intrusion prevention has found an attack.',
  schema: eventSchema(
    {
      session,
      attack: {
        type: 'object',
        properties: {
          name: text,
          kind: { ...text, description: 'SIG (a signature) or ANOMALY' },
          action,
          repeated: { ...whole, description: 'how often it was seen again' },
          rule: text,
          rulebase: text,
        },
        required: ['name'],
      },
    },
    ['session', 'attack', 'raw'],
  ),
};

export const malwareType: EventType = {
  name: 'srx.malware',
  description: 'A file with malware has passed the firewall, or was stopped there.',
  schema: eventSchema(
    {
      session,
      malware: {
        type: 'object',
        properties: {
          name: text,
          verdict: { type: 'integer', minimum: 0, maximum: 10, description: 'of the cloud, 10 is the worst' },
          category: { ...text, description: 'of the file' },
          action,
          list: { ...text, description: 'whether it was on a list: list-hit' },
          engine: { ...text, enum: ['atp-cloud', 'anti-virus'] },
        },
        required: ['engine'],
      },
    },
    ['malware', 'raw'],
  ),
};

export const secintelType: EventType = {
  name: 'srx.secintel',
  description: 'A connection, or a question for a name, has matched a feed of security intelligence.',
  schema: eventSchema(
    {
      session,
      secintel: {
        type: 'object',
        properties: {
          category: text,
          subcategory: { ...text, description: 'CC stands for command and control' },
          feed: text,
          profile: text,
          action,
          detail: { ...text, description: 'of the action, for example CLOSE REDIRECT MSG' },
          threat_level: { type: 'integer', minimum: 0, maximum: 10 },
          query: { ...text, description: 'the name that was asked for' },
          repeated: whole,
        },
      },
    },
    ['session', 'secintel', 'raw'],
  ),
};

export const hostInfectedType: EventType = {
  name: 'srx.host-infected',
  description: 'The cloud takes a host for infected (born in the cloud, relayed by the firewall).',
  schema: eventSchema(
    {
      infection: {
        type: 'object',
        properties: { threat_level: whole, status: text, state: text, reason: text, message: text, policy: text },
      },
    },
    ['infection', 'host', 'raw'],
  ),
};

export const srxTypes: readonly EventType[] = [
  sessionDeniedType,
  idpAttackType,
  malwareType,
  secintelType,
  hostInfectedType,
];
