import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { Answer, Standing } from '../../../action/outcome.ts';
import type { FromSchema, JsonSchema } from '../../../base/schema.ts';
import type { Wire } from '../client.ts';
import { readAlertActions } from '../client-hit-actions.ts';
import { deleteWatchlist as remove } from '../client-watchlists.ts';
import { enabledWord } from '../enabling.ts';
import type { settings } from '../settings.ts';
import type { Definition } from '../watchlist.ts';
import { WATCHLIST_RIGHTS, definitionInput, findMade } from '../watchlist.ts';

const output = {
  type: 'object',
  properties: { name: { type: 'string' }, deleted: { const: true, type: 'boolean' } },
  required: ['name', 'deleted'],
  additionalProperties: false,
} as const satisfies JsonSchema;

type Output = FromSchema<typeof output>;

/** By name and query: one that somebody has changed since is not the one that was made. */
export const deleteWatchlist = defineAction<typeof settings>()({
  name: 'delete-watchlist',
  description: 'Deletes the watchlist of this name and query. What it has hit is forgotten with it.',
  effect: 'reversible',
  input: definitionInput,
  output,
  repeatable: true,
  rights: WATCHLIST_RIGHTS,
  perform: writing(drop),
  verify: verifying(standing),
  undo: { action: 'carbonblack.create-watchlist', input: asked => ({ ...asked }) },
  plan: ({ name }, before) => ({
    change: `watchlist ${JSON.stringify(name)}: ${before?.summary ?? 'unknown'} -> deleted`,
    notes: before?.notes ?? [],
    output: { name, deleted: true },
  }),
});

async function drop(asked: Definition, context: ActionContext): Promise<Answer<Output>> {
  const { made, others } = await findMade(context, asked);
  const gone: Output = { name: asked.name, deleted: true };
  if (made === undefined) {
    if (others.length === 0) return { kind: 'done', already: true, output: gone };
    return { kind: 'failed', reason: 'conflict', detail: OTHER };
  }
  if (made.watchlist.readonly) return { kind: 'failed', reason: 'rejected', detail: READ_ONLY };
  const change = await remove(context, made.watchlist.id);
  if (change.kind === 'failed') return change;
  if ((await findMade(context, asked)).made === undefined) return { kind: 'done', output: gone };
  const detail = 'deleting the watchlist was answered with success, but it is still there';
  return { kind: 'failed', reason: 'rejected', detail };
}

async function standing(asked: Definition, wire: Wire): Promise<Standing> {
  const { made, others } = await findMade(wire, asked);
  if (made === undefined)
    return { stands: others.length === 0, summary: 'not there', notes: others.length === 0 ? [] : [OTHER] };
  const { id, enabled, readonly, hits = 0 } = made.watchlist;
  const alerts = (await readAlertActions(wire, { kind: 'watchlist', id })).length > 0;
  const lost = [...(alerts ? ['its alerts'] : []), ...(hits > 0 ? [`its ${hits} hits`] : [])];
  return {
    stands: false,
    summary: enabledWord(enabled),
    notes: [
      ...(readonly ? [READ_ONLY] : []),
      ...(lost.length === 0 ? [] : [`taking it back makes it again without ${lost.join(' and ')}`]),
    ],
  };
}

const OTHER = 'the watchlist of this name searches for something else: it is not the one that is meant';
const READ_ONLY = "the watchlist is read-only: it is the vendor's, and can be disabled";
