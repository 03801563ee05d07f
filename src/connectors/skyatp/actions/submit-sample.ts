import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import { fileSchema } from '../../../base/file.ts';
import type { Json } from '../../../base/json.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { SUBMITTING, postSample } from '../client-sample.ts';
import type { Settings, settings } from '../settings.ts';
import type { Verdict } from '../verdict.ts';
import { ASK_AGAIN, lookUp, parseVerdict, verdictProperties } from '../verdict.ts';

const input = {
  type: 'object',
  properties: { file: { ...fileSchema, description: 'for example {{steps.got.file}} of carbonblack.get-file' } },
  required: ['file'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    ...verdictProperties,
    submitted: { type: 'boolean', description: 'false where SkyATP knew the file before' },
  },
  required: ['submitted'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;
type Context = ActionContext<Settings>;

/** No claim, hence a setting: the product's own limit is not documented. */
const LARGEST = 33_554_432;
const HOUR = 3_600_000;

/**
 * A file is submitted once: not at all where the product knows its hash, and after that a token that outlives a restart says
 * that it was. An answer that was lost is no reason to submit again: the hash is asked for first.
 */
export const submitSample = defineAction<typeof settings>()({
  name: 'submit-sample',
  description: 'Has a file analysed in the cloud, unless SkyATP knows it already, and waits for the verdict.',
  effect: 'read',
  discloses: true,
  input,
  output,
  timeout: HOUR,
  repeatable: true,
  rights: ['Open API'],
  asks: [SUBMITTING],
  perform: reading(submit),
  resume: (token, asked, context) => reading(followUp(token))(asked, context),
});

async function submit({ file }: Input, context: Context): Promise<Answer<Output>> {
  const { sha256 } = file.hash;
  const most = context.settings.largest ?? LARGEST;
  if (file.size === 0) return rejected('the file is empty');
  if (file.size > most) return rejected(`the file has ${file.size} bytes, and at most ${most} are submitted`);
  const known = await lookUp(context, sha256);
  if (known !== undefined) return answer(known, { submitted: false });
  const said = await postSample(context, { bytes: await context.files.read(file), name: file.name });
  // The answer may hold the verdict already; where it says nothing of one, the look-up will.
  return answer(parseVerdict(said, sha256), { submitted: true });
}

/** A file that was submitted may take a while to be known at all. */
function followUp(token: Json) {
  const submitted = own(token, 'submitted') === true;
  return async ({ file }: Input, context: Context): Promise<Answer<Output>> =>
    answer(await lookUp(context, file.hash.sha256), { submitted });
}

function answer(known: Verdict | 'under way' | undefined, how: { readonly submitted: boolean }): Answer<Output> {
  if (known === undefined || known === 'under way') return { kind: 'pending', token: how, again: ASK_AGAIN };
  return { kind: 'done', output: { ...known, ...how } };
}

function rejected(detail: string): Answer<Output> {
  return { kind: 'failed', reason: 'rejected', detail };
}
