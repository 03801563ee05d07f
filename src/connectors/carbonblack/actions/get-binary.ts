import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { binarySchema, md5Input, parseBinary } from '../binary.ts';
import { readBinary } from '../client.ts';
import type { settings } from '../settings.ts';

export const getBinary = defineAction<typeof settings>()({
  name: 'get-binary',
  description:
    'What the server knows of a file, by its MD5: who signed it, on how many hosts it is, under which names.',
  effect: 'read',
  input: { type: 'object', properties: { md5: md5Input }, required: ['md5'], additionalProperties: false },
  output: binarySchema,
  repeatable: true,
  rights: ['view binaries'],
  perform: reading(async ({ md5 }, context) => {
    const raw = await readBinary(context, md5);
    return { kind: 'done', output: raw === undefined ? { found: false } : parseBinary(raw) };
  }),
});
