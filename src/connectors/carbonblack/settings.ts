import { parseDuration } from '../../base/duration.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';

export const settings = {
  type: 'object',
  properties: {
    url: { type: 'string', minLength: 1, description: 'of the server, for example https://cb.example.org' },
    token: { type: 'string', minLength: 1, 'x-secret': true, description: 'API token of a user' },
    ca: { type: 'string', description: 'PEM of the authorities to trust; the factory certificate is self-signed' },
    pinned: { type: 'string', minLength: 64, description: 'SHA-256 fingerprint of the one certificate to trust' },
    since: {
      type: 'string',
      description: 'where the first poll for alerts starts: "now" (default) or a time as in RFC 3339',
    },
    query: {
      type: 'string',
      minLength: 1,
      description: 'only alerts that also match this query, for example watchlist_name:"C2"',
    },
    overlap: { type: 'string', format: 'duration', description: 'how far each poll looks back for late alerts; 15m' },
    follow: {
      type: 'string',
      format: 'duration',
      description: 'how long a closed alert is asked about for re-opening; 30d',
    },
    twins: {
      type: 'string',
      enum: ['refuse', 'newest'],
      description:
        'several sensors of one name (a re-imaged host): refuse (default), or take the one that checked in last',
    },
  },
  required: ['url', 'token'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export type Settings = FromSchema<typeof settings>;

/** How alerts are polled, with the defaults filled in. Throws where `since` is no time: the schema cannot say it. */
export function pollSettings({ since = 'now', overlap = '15m', follow = '30d' }: Settings): {
  /** Undefined is now. */
  readonly since: number | undefined;
  readonly overlap: number;
  readonly follow: number;
} {
  const start = since === 'now' ? undefined : Date.parse(since);
  if (Number.isNaN(start))
    throw new Error(`since: must be "now" or a time as in RFC 3339, is ${JSON.stringify(since)}`);
  return { since: start, overlap: milliseconds(overlap), follow: milliseconds(follow) };
}

function milliseconds(text: string): number {
  const duration = parseDuration(text);
  if (duration === undefined) throw new Error(`${JSON.stringify(text)} is not a duration`);
  return duration;
}
