import type { FromSchema, JsonSchema } from '../../base/schema.ts';

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
    version: {
      type: 'string',
      enum: ['v1', 'v2'],
      description: 'of the API for block and allow lists and for hashes; v2',
    },
    largest: { type: 'integer', minimum: 1, description: 'bytes of a file that is submitted; 33554432' },
    sample_part: {
      type: 'string',
      minLength: 1,
      description: 'what the part with the bytes is called in a submission; file',
    },
    feeds_url: {
      type: 'string',
      minLength: 1,
      description: 'base URL of custom feeds, for example https://threat-api.sky.junipersecurity.net (US)',
    },
    feeds: {
      type: 'array',
      items: { type: 'string' },
      maxItems: 100,
      description:
        "custom feeds that are Backline's alone: cc/ip/<name>, cc/domain/<name>, cc/url/<name>, ipfilter/<name>, DNS/<name>",
    },
    at_start: {
      type: 'string',
      enum: ['pass', 'tell'],
      description: 'hosts that are infected at the first poll: pass them over (default), or tell them as events',
    },
  },
  required: ['url', 'token'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;
