import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { ask, bodyInputs, commonInputs, commonOutputs, outputOf, previewOf } from '../exchange.ts';
import type { settings } from '../settings.ts';

export const change = defineAction<typeof settings>()({
  name: 'change',
  description: 'Changes something through an API. Backline cannot know how to take it back.',
  effect: 'irreversible',
  input: {
    type: 'object',
    properties: {
      method: { type: 'string', enum: ['POST', 'PUT', 'PATCH', 'DELETE'] },
      ...commonInputs,
      ...bodyInputs,
    },
    required: ['method', 'host', 'path'],
    additionalProperties: false,
  },
  output: { type: 'object', properties: commonOutputs, required: ['status'], additionalProperties: false },
  // PUT and DELETE should be, POST and PATCH are not: the declaration holds for all.
  repeatable: false,
  rights: [],
  through: ({ host }) => [host],
  perform: writing(async (asked, context) => {
    const answer = await ask(asked.method, asked, context);
    return { kind: 'done', output: outputOf(answer, asked) };
  }),
  plan: asked => previewOf(asked.method, asked),
});
