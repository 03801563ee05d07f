import type { ActionContext } from '../../../action/action.ts';
import { defineAction } from '../../../action/action.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import type { Answer, Standing } from '../../../action/outcome.ts';
import type { Wire } from '../client.ts';
import { postWatchlist } from '../client-watchlists.ts';
import { enabledWord } from '../enabling.ts';
import type { settings } from '../settings.ts';
import type { Definition, Watchlist } from '../watchlist.ts';
import { WATCHLIST_RIGHTS, definitionInput, findMade, searchOf, watchlistSchema } from '../watchlist.ts';

/** The query is the author's, in the product's language; what comes out of an event does not belong into it. */
export const createWatchlist = defineAction<typeof settings>()({
  name: 'create-watchlist',
  description:
    'Makes a watchlist: a search that the server repeats every 10 minutes. For alerts: enable-watchlist-alerts.',
  effect: 'reversible',
  input: definitionInput,
  output: watchlistSchema,
  repeatable: true,
  rights: WATCHLIST_RIGHTS,
  perform: writing(create),
  verify: verifying(standing),
  undo: { action: 'carbonblack.delete-watchlist', input: asked => ({ ...asked }) },
  plan: ({ name, query }, before) => ({
    change: `watchlist ${JSON.stringify(name)}: ${before?.summary ?? 'unknown'} -> enabled, ${query}`,
    notes: before?.notes ?? [],
  }),
});

async function create(asked: Definition, context: ActionContext): Promise<Answer<Watchlist>> {
  const { made, others } = await findMade(context, asked);
  if (made?.watchlist.enabled === true) return { kind: 'done', already: true, output: made.watchlist };
  if (made !== undefined) {
    const detail = 'the watchlist is there, and disabled: enable-watchlist is what it needs';
    return { kind: 'failed', reason: 'conflict', detail };
  }
  if (others.length > 0) return { kind: 'failed', reason: 'conflict', detail: OTHER };
  const { name, query, type } = asked;
  const index = type === 'binaries' ? 'modules' : 'events';
  const change = await postWatchlist(context, { name, search: searchOf(query), index });
  if (change.kind === 'failed') return change;
  const after = (await findMade(context, asked)).made?.watchlist;
  if (after?.enabled === true) return { kind: 'done', output: after };
  const detail = 'making the watchlist was answered with success, but there is none that is enabled';
  return { kind: 'failed', reason: 'rejected', detail };
}

async function standing(asked: Definition, wire: Wire): Promise<Standing> {
  const { made, others } = await findMade(wire, asked);
  return {
    stands: made?.watchlist.enabled === true,
    summary: made === undefined ? 'not there' : enabledWord(made.watchlist.enabled),
    notes: made === undefined && others.length > 0 ? [OTHER] : [],
  };
}

const OTHER = 'there is a watchlist of this name that searches for something else';
