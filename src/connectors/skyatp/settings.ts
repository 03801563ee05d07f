import type { JsonSchema } from '../../base/schema.ts';

export const settings = {
  type: 'object',
  properties: {
    url: {
      type: 'string',
      minLength: 1,
      description: 'base URL of the Open API in your region, for example https://api.sky.junipersecurity.net (US)',
    },
    token: {
      type: 'string',
      minLength: 1,
      'x-secret': true,
      description: 'application token of the access group Open API',
    },
    ca: { type: 'string', description: 'PEM of the authorities to trust, where a proxy opens TLS' },
  },
  required: ['url', 'token'],
  additionalProperties: false,
} as const satisfies JsonSchema;
