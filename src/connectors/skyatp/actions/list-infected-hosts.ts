import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { readFeed, readHosts } from '../client.ts';
import type { settings } from '../settings.ts';

/** An output goes into the journal. A list that is cut off would be taken for the whole. */
const MOST = 10_000;

export const listInfectedHosts = defineAction<typeof settings>()({
  name: 'list-infected-hosts',
  description: "All hosts that firewalls are told to block: by the cloud's verdicts, and by our own block list.",
  effect: 'read',
  input: {
    type: 'object',
    properties: {
      level: {
        type: 'number',
        minimum: 1,
        maximum: 10,
        description: 'only hosts of this threat level or a higher one',
      },
    },
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {
      total: { type: 'integer' },
      hosts: {
        type: 'array',
        description: 'the worst first',
        items: {
          type: 'object',
          properties: {
            ip: { type: 'string', description: 'as the feed has it, in one spelling' },
            level: { type: 'number', description: 'threat level, 1 to 10; not there if the feed gives none' },
            listed: { type: 'boolean', description: 'on our block list' },
          },
          required: ['ip', 'listed'],
          additionalProperties: false,
        },
      },
    },
    required: ['total', 'hosts'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['Open API'],
  perform: reading(async ({ level: least = 0 }, context) => {
    const [feed, listed] = await Promise.all([readFeed(context), readHosts(context, 'blacklist')]);
    // Of a host without a level it is not known that it is below.
    const found = [...feed].filter(([, level]) => level === undefined || level >= least);
    if (found.length > MOST) {
      const detail = `the feed has ${found.length} such hosts, and at most ${MOST} are read`;
      return { kind: 'failed', reason: 'too-many', detail };
    }
    const hosts = found
      .toSorted(([a, x], [b, y]) => (y ?? 0) - (x ?? 0) || a.localeCompare(b))
      .map(([ip, level]) => ({ ip, ...(level === undefined ? {} : { level }), listed: listed.has(ip) }));
    return { kind: 'done', output: { total: hosts.length, hosts } };
  }),
});
