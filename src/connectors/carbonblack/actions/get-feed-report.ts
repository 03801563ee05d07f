import { defineAction } from '../../../action/action.ts';
import { malformed, reading } from '../../../action/http-answer.ts';
import type { JsonObject } from '../../../base/json.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { readReport } from '../client-feeds.ts';
import { feedUrl, theFeed } from '../feed.ts';
import type { settings } from '../settings.ts';
import { parseTime } from '../time.ts';

const list = { type: 'array', items: { type: 'string' } } as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    found: { type: 'boolean' },
    feed: { type: 'string', description: 'name of the feed' },
    title: { type: 'string' },
    score: { type: 'number', description: '-100 to 100' },
    time: { type: 'string', format: 'date-time', description: 'of the report, as the feed says' },
    ignored: { type: 'boolean', description: 'somebody has told the server to ignore it: it hits no more' },
    ips: list,
    domains: list,
    hashes: { ...list, description: 'MD5 and, from 7.x on, SHA-256' },
  },
  required: ['found'],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** What the server has of a feed now, which is not what the feed has: how a playbook sees that a change has arrived. */
export const getFeedReport = defineAction<typeof settings>()({
  name: 'get-feed-report',
  description: 'A report of a feed as the server has it: its addresses, domains and hashes.',
  effect: 'read',
  input: {
    type: 'object',
    properties: {
      url: feedUrl,
      report: {
        type: 'string',
        minLength: 1,
        maxLength: 256,
        description: 'id of the report; of a list of Backline backline-<list>',
      },
    },
    required: ['url', 'report'],
    additionalProperties: false,
  },
  output,
  repeatable: true,
  rights: ['view feeds'],
  perform: reading(async ({ url, report }, context) => {
    const { feed } = await theFeed(context, url);
    const raw = await readReport(context, { feed: feed.id, report });
    return { kind: 'done', output: raw === undefined ? { found: false } : parseReport(raw) };
  }),
});

function parseReport(raw: JsonObject): FromSchema<typeof output> {
  const { feed_name: feed, title, score, timestamp, is_ignored: isIgnored, iocs } = raw;
  const time = parseTime(timestamp);
  const of = (...kinds: readonly string[]): string[] => kinds.flatMap(kind => texts(own(iocs, kind)));
  return {
    found: true,
    ...(typeof feed === 'string' ? { feed } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof score === 'number' ? { score } : {}),
    ...(time === undefined ? {} : { time }),
    ...(typeof isIgnored === 'boolean' ? { ignored: isIgnored } : {}),
    ips: of('ipv4', 'ipv6'),
    domains: of('dns').map(name => name.toLowerCase()),
    hashes: of('md5', 'sha256').map(hash => hash.toLowerCase()),
  };
}

function texts(value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.filter((item): item is string => typeof item === 'string');
  throw malformed('report of the feed: its indicators are no lists');
}
