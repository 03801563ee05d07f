import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import { fileSchema } from '../../../base/file.ts';
import type { Json } from '../../../base/json.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Analysis } from '../analysis.ts';
import { analysisProperties } from '../analysis.ts';
import { UPLOADING, asking, isAnalysed, submitFile } from '../client.ts';
import { ASK_AGAIN, LOOKING_UP, lookUp } from '../look-up.ts';
import type { Settings, settings } from '../settings.ts';
import { linkTo } from '../settings.ts';

const input = {
  type: 'object',
  properties: { file: { ...fileSchema, description: 'for example {{steps.got.file}} of carbonblack.get-file' } },
  required: ['file'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    ...analysisProperties,
    uploaded: { type: 'boolean', description: 'false where JATP knew the file before' },
    event: { type: 'string', description: 'id of the event that the upload made' },
    link: { type: 'string' },
  },
  required: ['uploaded'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;
type Context = ActionContext<Settings>;

/** What cb-cyphort-connector sends at most. */
const LARGEST = 15_728_640;
const HOUR = 3_600_000;

/**
 * A file is uploaded once: not at all where the product knows it, and after that the id of its event is the token, which
 * outlives a restart. An answer that was lost is no reason to upload again: the file is asked for by its hash first.
 */
export const analyzeFile = defineAction<typeof settings>()({
  name: 'analyze-file',
  description: 'Has a file analysed in the sandbox, unless JATP knows it already, and waits for the result.',
  effect: 'read',
  discloses: true,
  input,
  output,
  timeout: HOUR,
  repeatable: true,
  rights: ['submit files', 'see analyses', 'see incidents'],
  asks: [...asking(...LOOKING_UP, 'event_details'), UPLOADING],
  perform: reading(analyze),
  resume: (token, asked, context) => reading(followUp(token))(asked, context),
});

async function analyze({ file }: Input, context: Context): Promise<Answer<Output>> {
  const most = context.settings.largest ?? LARGEST;
  if (file.size > most)
    return {
      kind: 'failed',
      reason: 'rejected',
      detail: `the file has ${file.size} bytes, and at most ${most} are sent`,
    };
  const known = await lookUp(context, { sha1: file.hash.sha1 });
  if (known === 'under way') return { kind: 'pending', token: {}, again: ASK_AGAIN };
  if (known !== undefined) return { kind: 'done', output: { ...known, uploaded: false } };
  const event = await submitFile(context, { bytes: await context.files.read(file), name: file.name });
  return { kind: 'pending', token: { event }, again: ASK_AGAIN };
}

function followUp(token: Json) {
  const event = own(token, 'event');
  return async ({ file }: Input, context: Context): Promise<Answer<Output>> => {
    if (typeof event !== 'string')
      return finish(await lookUp(context, { sha1: file.hash.sha1 }), token, { uploaded: false });
    if (!(await isAnalysed(context, event))) return { kind: 'pending', token, again: ASK_AGAIN };
    const link = linkTo(context.settings, 'event_id', event);
    return finish(await lookUp(context, { event }), token, { uploaded: true, event, link });
  };
}

function finish(
  known: Analysis | 'under way' | undefined,
  token: Json,
  how: Pick<Output, 'uploaded' | 'event' | 'link'>,
): Answer<Output> {
  if (known === 'under way') return { kind: 'pending', token, again: ASK_AGAIN };
  if (known === undefined)
    return { kind: 'failed', reason: 'not-found', detail: 'JATP knows the file no more that it was analysing' };
  return { kind: 'done', output: { ...known, ...how } };
}
