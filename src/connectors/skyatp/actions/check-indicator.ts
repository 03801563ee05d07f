import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { entryAs, indicatorInput, indicatorOf } from '../indicator.ts';
import type { settings } from '../settings.ts';

export const checkIndicator = defineAction<typeof settings>()({
  name: 'check-indicator',
  description: 'Whether an address, a domain or a URL is on the block list or the allow list of the realm.',
  effect: 'read',
  input: indicatorInput,
  output: {
    type: 'object',
    properties: {
      blocked: { type: 'boolean', description: 'on the block list, as exactly this entry' },
      allowed: { type: 'boolean', description: 'on the allow list, as exactly this entry' },
    },
    required: ['blocked', 'allowed'],
    additionalProperties: false,
  },
  repeatable: true,
  rights: ['Open API'],
  perform: reading(async (asked, context) => {
    const indicator = indicatorOf(asked);
    const blocked = (await entryAs(context, 'blacklist', indicator)) !== undefined;
    const allowed = (await entryAs(context, 'whitelist', indicator)) !== undefined;
    return { kind: 'done', output: { blocked, allowed } };
  }),
});
