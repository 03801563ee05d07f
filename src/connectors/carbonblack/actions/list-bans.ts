import { defineAction } from '../../../action/action.ts';
import { malformed, reading } from '../../../action/http-answer.ts';
import type { JsonObject } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { readBans } from '../client.ts';
import type { settings } from '../settings.ts';
import { parseTime } from '../time.ts';

const banSchema = {
  type: 'object',
  properties: {
    md5: { type: 'string', format: 'md5' },
    enabled: { type: 'boolean', description: 'false where the ban was lifted' },
    text: { type: 'string' },
    by: { type: 'string', description: 'user who banned it, or lifted the ban, last' },
    since: { type: 'string', format: 'date-time' },
    blocked: {
      type: 'integer',
      description: 'how often it was stopped; counted only while the feed cbbanning is enabled',
    },
    last_blocked: { type: 'string', format: 'date-time' },
    last_host: { type: 'string', description: 'on which host it was stopped last' },
  },
  required: ['md5', 'enabled'],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** A server that has more says so: the list would be cut off without a word. */
const MOST = 10_000;

export const listBans = defineAction<typeof settings>()({
  name: 'list-bans',
  description: 'The programs that are banned by their MD5, and how often each was stopped.',
  effect: 'read',
  input: {
    type: 'object',
    properties: { lifted: { type: 'boolean', description: 'also the bans that were lifted; false if not given' } },
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {
      bans: { type: 'array', items: banSchema },
      complete: { type: 'boolean', description: `false where the server has more than ${MOST}` },
    },
    required: ['bans', 'complete'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['view banned hashes'],
  perform: reading(async ({ lifted = false }, context) => {
    const rows = await readBans(context, MOST + 1);
    const bans = rows.slice(0, MOST).map(parseBan);
    return {
      kind: 'done',
      output: { bans: bans.filter(({ enabled }) => enabled || lifted), complete: rows.length <= MOST },
    };
  }),
});

function parseBan(raw: JsonObject): FromSchema<typeof banSchema> {
  const { md5hash: md5, enabled, text, username, block_count: count, last_block_hostname: host } = raw;
  if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/i.test(md5) || typeof enabled !== 'boolean')
    throw malformed('bans: a row has no md5hash, or does not say whether it is enabled');
  const since = parseTime(raw['timestamp']);
  const last = parseTime(raw['last_block_time']);
  return {
    md5: md5.toLowerCase(),
    enabled,
    ...(typeof text === 'string' && text !== '' ? { text } : {}),
    ...(typeof username === 'string' ? { by: username } : {}),
    ...(since === undefined ? {} : { since }),
    ...(typeof count === 'number' && Number.isSafeInteger(count) ? { blocked: count } : {}),
    ...(last === undefined ? {} : { last_blocked: last }),
    ...(typeof host === 'string' && host !== '' ? { last_host: host } : {}),
  };
}
