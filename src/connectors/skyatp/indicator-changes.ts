import type { ActionContext, Preview } from '../../action/action.ts';
import { reading, verifying, writing } from '../../action/http-answer.ts';
import type { Answer, Standing } from '../../action/outcome.ts';
import type { Json } from '../../base/json.ts';
import { own } from '../../base/json.ts';
import type { FromSchema, JsonSchema } from '../../base/schema.ts';
import { BODY_DROPPED } from './answer.ts';
import { changeEntry } from './client-lists.ts';
import type { List, Wire } from './client.ts';
import type { Asked } from './indicator.ts';
import { entryAs, indicatorInput, indicatorOf, indicatorStanding, otherThan } from './indicator.ts';
import type { Settings } from './settings.ts';

/*
 * The four changes to the block and allow lists differ in the list and in the direction.
 */

const contradicted = { type: 'boolean', description: 'on the other list as well' } as const satisfies JsonSchema;

const addedOutput = {
  type: 'object',
  properties: { listed: { const: true, type: 'boolean' }, contradicted },
  required: ['listed', 'contradicted'],
  additionalProperties: false,
} as const satisfies JsonSchema;

const removedOutput = {
  type: 'object',
  properties: { listed: { const: false, type: 'boolean' }, contradicted },
  required: ['listed', 'contradicted'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Added = FromSchema<typeof addedOutput>;
type Removed = FromSchema<typeof removedOutput>;
type Context = ActionContext<Settings>;

const LOOK_AGAIN = 5_000;

/** All of an action that adds but its name, its words and its undo. */
export function adding(list: List) {
  // The recorded next read shows an entry. Should it take longer, it is asked for until the step's deadline.
  const confirm = async (asked: Asked, wire: Wire): Promise<Answer<Added>> => {
    if ((await entryAs(wire, list, indicatorOf(asked))) === undefined)
      return { kind: 'pending', token: null, again: LOOK_AGAIN };
    return { kind: 'done', output: { listed: true, contradicted: await isContradicted(asked, wire, list) } };
  };
  return {
    ...common,
    output: addedOutput,
    perform: writing<Asked, Added, Settings>(async (asked, context) => {
      const { kind, value } = indicatorOf(asked);
      if ((await entryAs(context, list, { kind, value })) !== undefined)
        return {
          kind: 'done',
          already: true,
          output: { listed: true, contradicted: await isContradicted(asked, context, list) },
        };
      await changeEntry(context, { method: 'PATCH', list, kind, value });
      return confirm(asked, context);
    }),
    resume: (_token: Json, asked: Asked, context: Context) => reading(confirm)(asked, context),
    verify: verifying((asked: Asked, context: Context) =>
      indicatorStanding(context, { list, asked, wanted: 'listed' }),
    ),
    plan: (_asked: Asked, before: Standing | undefined): Preview<Added> =>
      preview<Added>(list, before, { listed: true, contradicted: own(before?.state, 'contradicted') === true }),
  };
}

/** All of an action that removes but its name, its words and its undo. */
export function removing(list: List) {
  return {
    ...common,
    output: removedOutput,
    perform: writing<Asked, Removed, Settings>(async (asked, context) => {
      const { kind, value } = indicatorOf(asked);
      const listed = await entryAs(context, list, { kind, value });
      if (listed !== undefined) {
        await changeEntry(context, { method: 'DELETE', list, kind, value: listed });
        if ((await entryAs(context, list, { kind, value })) !== undefined) return BODY_DROPPED;
      }
      return {
        kind: 'done',
        ...(listed === undefined ? { already: true } : {}),
        output: { listed: false, contradicted: await isContradicted(asked, context, list) },
      };
    }),
    verify: verifying((asked: Asked, context: Context) =>
      indicatorStanding(context, { list, asked, wanted: 'not listed' }),
    ),
    plan: (_asked: Asked, before: Standing | undefined): Preview<Removed> =>
      preview<Removed>(list, before, { listed: false, contradicted: own(before?.state, 'contradicted') === true }),
  };
}

const common = { effect: 'reversible', input: indicatorInput, repeatable: true, rights: ['Open API'] } as const;

/** The same entry, without anything else. */
export function sameIndicator({ ip, domain, url }: Asked): { [name: string]: string } {
  return {
    ...(ip === undefined ? {} : { ip }),
    ...(domain === undefined ? {} : { domain }),
    ...(url === undefined ? {} : { url }),
  };
}

async function isContradicted(asked: Asked, wire: Wire, list: List): Promise<boolean> {
  return (await entryAs(wire, otherThan(list), indicatorOf(asked))) !== undefined;
}

function preview<Output extends { readonly listed: boolean }>(
  list: List,
  before: Standing | undefined,
  output: Output,
): Preview<Output> {
  const name = list === 'blacklist' ? 'block list' : 'allow list';
  return {
    change: `${name}: ${before?.summary ?? 'unknown'} -> ${output.listed ? 'listed' : 'not listed'}`,
    notes: before?.notes ?? [],
    ...(before === undefined ? {} : { output }),
  };
}
