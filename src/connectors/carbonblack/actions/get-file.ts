import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { fileSchema } from '../../../base/file.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { md5Input } from '../binary.ts';
import { readCollected } from '../client.ts';
import type { Settings, settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: { md5: md5Input },
  required: ['md5'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;

const output = {
  type: 'object',
  properties: {
    found: { type: 'boolean', description: 'whether the server has it, or has it still' },
    file: fileSchema,
    truncated: { type: 'boolean', description: 'cut off by the server at 25 MB; the hashes are of what is left' },
  },
  required: ['found'],
  additionalProperties: false,
} as const satisfies JsonSchema;

export const getFile = defineAction<typeof settings>()({
  name: 'get-file',
  description:
    'The binary itself, by its MD5, as it was collected on an endpoint. It is kept; nothing leaves the house.',
  effect: 'read',
  input,
  output,
  timeout: 120_000,
  repeatable: true,
  rights: ['view binaries', 'download binaries'],
  perform: reading<Input, FromSchema<typeof output>, Settings>(async ({ md5 }, context) => {
    const collected = await readCollected(context, md5);
    if (collected === undefined) return { kind: 'done', output: { found: false } };
    const file = await context.files.keep(collected.bytes, collected.name);
    return { kind: 'done', output: { found: true, file, truncated: collected.isTruncated } };
  }),
});
