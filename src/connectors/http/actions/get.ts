import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { ask, commonInputs, commonOutputs, isExpected, outputOf } from '../exchange.ts';
import type { settings } from '../settings.ts';

const output = {
  type: 'object',
  properties: { found: { type: 'boolean' }, ...commonOutputs },
  required: ['found', 'status'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const get = defineAction<typeof settings>()({
  name: 'get',
  description: 'Reads from an API. That there is no such thing (404) is an answer.',
  effect: 'read',
  discloses: true,
  input: { type: 'object', properties: commonInputs, required: ['host', 'path'], additionalProperties: false },
  output,
  repeatable: true,
  rights: [],
  through: ({ host }) => [host],
  perform: reading(async (asked, context): Promise<Answer<FromSchema<typeof output>>> => {
    const answer = await ask('GET', asked, context);
    const { status } = answer;
    if (status === 404 && !isExpected(status, asked.expect)) return { kind: 'done', output: { found: false, status } };
    return { kind: 'done', output: { found: true, ...outputOf(answer, asked) } };
  }),
});
