import type { FromSchema, JsonSchema } from '../../base/schema.ts';

export const settings = {
  type: 'object',
  properties: {
    url: { type: 'string', minLength: 1, description: 'of the instance, for example https://misp.example.org' },
    key: { type: 'string', minLength: 1, 'x-secret': true, description: 'auth key of a user, sent as it is' },
    ca: { type: 'string', description: 'PEM of the authorities to trust' },
    pinned: { type: 'string', minLength: 64, description: 'SHA-256 fingerprint of the one certificate to trust' },
    source: {
      type: 'string',
      minLength: 1,
      maxLength: 100,
      description: 'what sightings name as their source, where a step names none; Backline',
    },
  },
  required: ['url', 'key'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;
