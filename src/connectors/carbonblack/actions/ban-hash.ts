import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { Answer, Standing } from '../../../action/outcome.ts';
import { own } from '../../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import { BAN_RIGHTS, describeBan, enforcementFields, findBan, notesOn, readEnforcement } from '../ban.ts';
import { guardedPublisher, md5Input, parseBinary } from '../binary.ts';
import type { Wire } from '../client.ts';
import { readBinary } from '../client.ts';
import { postBan } from '../client-changes.ts';
import type { settings } from '../settings.ts';

const input = {
  type: 'object',
  properties: {
    md5: md5Input,
    text: { type: 'string', 'x-text': 'people', description: 'shown beside the ban in the console' },
    force: { type: 'boolean', description: 'ban even a file that Microsoft or the vendor of the sensor has signed' },
  },
  required: ['md5'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const output = {
  type: 'object',
  properties: {
    md5: { type: 'string', format: 'md5' },
    banned: { const: true, type: 'boolean' },
    server_enforces: { type: 'boolean', description: "the server's own switch; not there if it could not be read" },
    not_enforced_in: {
      type: 'array',
      items: { type: 'string' },
      description: 'sensor groups that record the ban and let the file run; not there if they could not be read',
    },
  },
  required: ['md5', 'banned'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Input = FromSchema<typeof input>;
type Output = FromSchema<typeof output>;

/** Records the ban and says where it is enforced. Programs are stopped, also those that run; libraries and scripts are not. */
export const banHash = defineAction<typeof settings>()({
  name: 'ban-hash',
  description: 'Bans a program by its MD5, on all hosts whose sensor group enforces bans, at their next check-in.',
  effect: 'reversible',
  input,
  output,
  repeatable: true,
  rights: BAN_RIGHTS,
  perform: writing(ban),
  verify: verifying(standing),
  undo: {
    action: 'carbonblack.lift-ban',
    input: ({ md5 }, _output, before) => {
      const text = own(before?.state, 'text');
      return { md5, ...(typeof text === 'string' && text !== '' ? { text } : {}) };
    },
  },
  plan: ({ md5 }, before) => {
    const server = own(before?.state, 'server_enforces');
    const groups = own(before?.state, 'not_enforced_in');
    return {
      change: `ban list: ${before?.summary ?? 'unknown'} -> enabled`,
      notes: before?.notes ?? [],
      output: {
        md5: md5.toLowerCase(),
        banned: true,
        ...(typeof server === 'boolean' ? { server_enforces: server } : {}),
        ...(Array.isArray(groups) ? { not_enforced_in: groups.map(String) } : {}),
      },
    };
  },
});

async function ban({ md5, text, force }: Input, context: ActionContext): Promise<Answer<Output>> {
  const row = await findBan(context, md5);
  if (row?.enabled === true) return { kind: 'done', already: true, output: await describe(md5, context) };
  const publisher = force === true ? undefined : await guarded(md5, context);
  if (publisher !== undefined) {
    const detail = `the file is signed by ${publisher}: banning it may stop hosts from working. It needs force`;
    return { kind: 'failed', reason: 'rejected', detail };
  }
  const change = await postBan(context, { md5, text: text ?? `Backline ${context.key}` });
  if (change.kind === 'failed') return change;
  const isEnabled = (await findBan(context, md5))?.enabled === true;
  if (change.kind === 'contested') {
    // The vendor answers 409 when the hash is banned already: that is what we wanted. Else it is a refusal.
    return isEnabled ? { kind: 'done', already: true, output: await describe(md5, context) } : change.refusal;
  }
  if (!isEnabled) {
    const detail = 'the ban was answered with success, but the hash is not banned';
    return { kind: 'failed', reason: 'rejected', detail };
  }
  return { kind: 'done', output: await describe(md5, context) };
}

async function standing({ md5, force }: Input, wire: Wire): Promise<Standing> {
  const row = await findBan(wire, md5);
  const [enforcement, publisher] = await Promise.all([
    readEnforcement(wire),
    row?.enabled === true || force === true ? undefined : guarded(md5, wire),
  ]);
  return {
    stands: row?.enabled === true,
    summary: describeBan(row),
    notes: [...(publisher === undefined ? [] : [`signed by ${publisher}: needs force`]), ...notesOn(enforcement)],
    state: {
      enabled: row?.enabled === true,
      ...(row === undefined ? {} : { text: row.text }),
      ...enforcementFields(enforcement),
    },
  };
}

/** A file that the server does not know may be banned: a hash need not have been seen. */
async function guarded(md5: string, wire: Wire): Promise<string | undefined> {
  const raw = await readBinary(wire, md5);
  return raw === undefined ? undefined : guardedPublisher(parseBinary(raw));
}

async function describe(md5: string, wire: Wire): Promise<Output> {
  return { md5: md5.toLowerCase(), banned: true, ...enforcementFields(await readEnforcement(wire)) };
}
