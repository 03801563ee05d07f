import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { entryInput, entryOf, removeFromFeed } from '../custom-feed.ts';
import type { settings } from '../settings.ts';

export const removeFromCustomFeed = defineAction<typeof settings>()({
  name: 'remove-from-feed',
  description: 'Takes an entry out of a custom feed. The cloud does so later. Its undo gives it the threat level 10.',
  effect: 'reversible',
  input: entryInput,
  output: {
    type: 'object',
    properties: { accepted: { const: true, type: 'boolean', description: 'by the cloud, to be processed' } },
    required: ['accepted'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['Open API'],
  perform: writing(async (asked, context) => {
    const { feed, value } = entryOf(asked, context.settings);
    const isThere = await removeFromFeed(context, feed, value);
    return { kind: 'done', ...(isThere ? {} : { already: true }), output: { accepted: true } };
  }),
  undo: { action: 'skyatp.add-to-feed', input: asked => ({ ...asked }) },
  plan: ({ feed }, before) => ({
    change: `feed ${feed}: ${before?.summary ?? 'unknown'} -> removal accepted`,
    notes: ['the content of a custom feed cannot be read'],
    output: { accepted: true },
  }),
});
