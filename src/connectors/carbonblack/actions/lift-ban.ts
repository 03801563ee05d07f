import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { Answer } from '../../../action/outcome.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { BAN_RIGHTS, describeBan, findBan } from '../ban.ts';
import { md5Input } from '../binary.ts';
import { deleteBan, editBan } from '../client-changes.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    md5: md5Input,
    text: {
      type: 'string',
      minLength: 1,
      'x-text': 'people',
      description: 'to leave beside the hash; the product clears it',
    },
  },
  required: ['md5'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    md5: { type: 'string', format: 'md5' },
    banned: { const: false, type: 'boolean' },
    lifted: { type: 'string', description: 'text of the ban that was lifted' },
  },
  required: ['md5', 'banned'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;

/** The product keeps the row of a ban that is lifted, disabled, without its text. */
export const liftBan = defineAction<typeof settings>()({
  name: 'lift-ban',
  description: 'Lifts the ban of a program. What was ended stays ended.',
  effect: 'reversible',
  input,
  output,
  repeatable: true,
  rights: BAN_RIGHTS,
  perform: writing(lift),
  verify: verifying(async ({ md5 }, context) => {
    const row = await findBan(context, md5);
    return {
      stands: row?.enabled !== true,
      summary: describeBan(row),
      ...(row === undefined ? {} : { state: { text: row.text } }),
    };
  }),
  undo: {
    action: 'carbonblack.ban-hash',
    // It was banned before, so whose file it is was somebody's decision already.
    input: ({ md5 }, done, before) => {
      const text = own(before?.state, 'text') ?? done?.lifted;
      return { md5, force: true, ...(typeof text === 'string' ? { text } : {}) };
    },
  },
  plan: ({ md5 }, before) => ({
    change: `ban list: ${before?.summary ?? 'unknown'} -> disabled`,
    output: { md5: md5.toLowerCase(), banned: false },
  }),
});

async function lift({ md5, text }: Input, context: ActionContext): Promise<Answer<Output>> {
  const before = await findBan(context, md5);
  const already = before?.enabled !== true;
  let after = before;
  if (!already) {
    const change = await deleteBan(context, md5);
    if (change.kind === 'failed') return change;
    after = await findBan(context, md5);
    if (after?.enabled === true) {
      if (change.kind === 'contested') return change.refusal;
      const detail = 'lifting the ban was answered with success, but the hash is still banned';
      return { kind: 'failed', reason: 'rejected', detail };
    }
  }
  if (text !== undefined && after !== undefined && after.text !== text) {
    const change = await editBan(context, { md5, text });
    // The ban is lifted; a text that is missing is for people to know.
    if (change.kind === 'failed') return { kind: 'unconfirmed', detail: change.detail };
  }
  const lifted = already || before.text === '' ? {} : { lifted: before.text };
  return {
    kind: 'done',
    ...(already ? { already } : {}),
    output: { md5: md5.toLowerCase(), banned: false, ...lifted },
  };
}
