import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { Refusal, reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { analysisProperties, parseAnalysis } from '../analysis.ts';
import { askFor, asking } from '../client.ts';
import { formOf } from '../rows.ts';
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

const ASK_AGAIN = 10_000;

/** Asks for the hash; the file itself is not sent. */
export const lookupHash = defineAction<typeof settings>()({
  name: 'lookup-hash',
  description: 'What JATP knows of a file, by its SHA-1 or MD5. A file it does not know is an answer.',
  effect: 'read',
  input,
  output,
  repeatable: true,
  rights: ['see analyses', 'see incidents'],
  // The second tells an unknown file from a key that is not taken.
  asks: asking('analysis_details', 'incidents'),
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
  const hash = sha1 === undefined ? { md5sum: (md5 ?? '').toLowerCase() } : { sha1sum: sha1.toLowerCase() };
  const answer = await askFor(context, 'analysis_details', { get_components: '0', ...hash });
  if ('refused' in answer) {
    await expectWell(context, answer.refused);
    return { kind: 'done', output: { found: false } };
  }
  const analysis = parseAnalysis(answer.json);
  if (analysis === undefined) return { kind: 'pending', token: null, again: ASK_AGAIN };
  return { kind: 'done', output: { found: true, ...analysis } };
}

/**
 * A negative status is how an unknown file is answered, and may be how a wrong key is: neither the numbers nor the words
 * are documented. A product that answers another question is well.
 */
async function expectWell(context: ActionContext<Settings>, refused: string): Promise<void> {
  const answer = await askFor(context, 'incidents', formOf(context.settings, { until: context.now, back: 1_000 }));
  if (!('refused' in answer)) return;
  const detail = `hash look-up: ${refused}; and incidents: ${answer.refused}. Is the API key valid?`;
  throw new Refusal({ kind: 'failed', reason: 'rejected', detail });
}
