import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { readFeeds } from '../client-feeds.ts';
import { feedSchema, parseFeed } from '../feed.ts';
import type { settings } from '../settings.ts';

export const listFeeds = defineAction<typeof settings>()({
  name: 'list-feeds',
  description: 'The threat-intelligence feeds of the server, or those of one name.',
  effect: 'read',
  input: {
    type: 'object',
    properties: { name: { type: 'string', minLength: 1, description: 'exactly, case aside' } },
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: { feeds: { type: 'array', items: feedSchema } },
    required: ['feeds'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['view feeds'],
  perform: reading(async ({ name }, context) => {
    const feeds = (await readFeeds(context)).map(parseFeed);
    const wanted = name?.toLowerCase();
    return {
      kind: 'done',
      output: { feeds: feeds.filter(feed => wanted === undefined || feed.name.toLowerCase() === wanted) },
    };
  }),
});
