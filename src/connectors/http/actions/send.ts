import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { ask, bodyInputs, commonInputs, commonOutputs, outputOf, previewOf } from '../exchange.ts';
import type { settings } from '../settings.ts';

export const send = defineAction<typeof settings>()({
  name: 'send',
  description: 'Creates something for people in an API: a ticket, a comment, a chat message.',
  effect: 'message',
  input: {
    type: 'object',
    properties: {
      method: { type: 'string', enum: ['POST', 'PUT', 'PATCH'], description: 'POST' },
      ...commonInputs,
      ...bodyInputs,
    },
    required: ['host', 'path'],
    additionalProperties: false,
  },
  output: { type: 'object', properties: commonOutputs, required: ['status'], additionalProperties: false },
  // Few APIs take one request twice as one.
  repeatable: false,
  rights: [],
  through: ({ host }) => [host],
  perform: writing(async (asked, context) => {
    const answer = await ask(asked.method ?? 'POST', asked, context);
    return { kind: 'done', output: outputOf(answer, asked) };
  }),
  plan: asked => previewOf(asked.method ?? 'POST', asked),
});
