import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { analysisProperties } from '../analysis.ts';
import { asking } from '../client.ts';
import { ASK_AGAIN, LOOKING_UP, lookUp } from '../look-up.ts';
import type { Settings, settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    sha1: { type: 'string', format: 'sha1', 'x-target': 'hash', description: 'of the file' },
    md5: {
      type: 'string',
      format: 'md5',
      'x-target': 'hash',
      description: 'of the file, where its SHA-1 is not known',
    },
  },
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: { found: { type: 'boolean', description: 'whether JATP has analysed the file' }, ...analysisProperties },
  required: ['found'],
  additionalProperties: false,
} as const satisfies JsonSchema;

/** Asks for the hash; the file itself is not sent. */
export const lookupHash = defineAction<typeof settings>()({
  name: 'lookup-hash',
  description: 'What JATP knows of a file, by its SHA-1 or MD5. A file it does not know is an answer.',
  effect: 'read',
  input,
  output,
  repeatable: true,
  rights: ['see analyses', 'see incidents'],
  asks: asking(...LOOKING_UP),
  perform: reading(look),
  resume: (_token, asked, context) => reading(look)(asked, context),
});

type Output = FromSchema<typeof output>;

async function look(
  { sha1, md5 }: FromSchema<typeof input>,
  context: ActionContext<Settings>,
): Promise<Answer<Output>> {
  if ((sha1 === undefined) === (md5 === undefined))
    return { kind: 'failed', reason: 'invalid-input', detail: 'give either sha1 or md5' };
  const known = await lookUp(context, sha1 === undefined ? { md5: md5 ?? '' } : { sha1 });
  if (known === undefined) return { kind: 'done', output: { found: false } };
  if (known === 'under way') return { kind: 'pending', token: null, again: ASK_AGAIN };
  return { kind: 'done', output: { found: true, ...known } };
}
