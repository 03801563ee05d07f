import type { JsonSchema } from '../../base/schema.ts';

export const settings = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      minLength: 1,
      description: "where Backline's feeds are served, for example http://127.0.0.1:7410",
    },
    ca: { type: 'string', description: 'PEM of the authorities to trust, where they are served over TLS' },
    token: { type: 'string', minLength: 1, 'x-secret': true, description: 'feeds.token of the configuration' },
  },
  required: ['url', 'token'],
  additionalProperties: false,
} as const satisfies JsonSchema;
