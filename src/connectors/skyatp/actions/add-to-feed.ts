import { defineAction } from '../../../action/action.ts';
import { Refusal, writing } from '../../../action/http-answer.ts';
import { addToFeed, entryOf, entryProperties } from '../custom-feed.ts';
import type { settings } from '../settings.ts';

/**
 * The content of a feed cannot be read, so nothing verifies the entry. It is taken back all the same, since the feeds of the
 * settings are Backline's alone.
 */
export const addToCustomFeed = defineAction<typeof settings>()({
  name: 'add-to-feed',
  description: 'Puts an entry into a custom feed, or gives it another threat level. The cloud takes it in later.',
  effect: 'reversible',
  input: {
    type: 'object',
    properties: {
      ...entryProperties,
      level: { type: 'integer', minimum: 1, maximum: 10, description: 'threat level; 10. Not for feeds of ipfilter' },
    },
    required: ['feed'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: { accepted: { const: true, type: 'boolean', description: 'by the cloud, to be processed' } },
    required: ['accepted'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['Open API'],
  perform: writing(async (asked, context) => {
    const { level, ...entry } = asked;
    const { feed, value } = entryOf(entry, context.settings);
    if (level !== undefined && !feed.hasLevels) {
      const detail = `feed ${feed.name} is of ipfilter, whose entries have no level`;
      throw new Refusal({ kind: 'failed', reason: 'invalid-input', detail });
    }
    await addToFeed(context, feed, feed.hasLevels ? `${value},${level ?? 10}` : value);
    return { kind: 'done', output: { accepted: true } };
  }),
  undo: {
    action: 'skyatp.remove-from-feed',
    input: ({ level: _level, ...entry }) => entry,
  },
  plan: ({ feed }, before) => ({
    change: `feed ${feed}: ${before?.summary ?? 'unknown'} -> entry accepted`,
    notes: ['the content of a custom feed cannot be read'],
    output: { accepted: true },
  }),
});
