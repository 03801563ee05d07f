import { defineAction } from '../../../action/action.ts';
import { deleteEntry, readEntry } from '../../../action/feed-entry.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { own } from '../../../base/json.ts';
import { entryStanding, listedOutput, nameOf, outputOf, placeInput, placeOf, samePlace } from '../entry.ts';
import type { settings } from '../settings.ts';

export const remove = defineAction<typeof settings>()({
  name: 'remove',
  description: 'Takes a value off a list that Backline serves.',
  effect: 'reversible',
  input: placeInput,
  output: listedOutput,
  repeatable: true,
  rights: ['feeds.token'],
  perform: writing(async (asked, context) => {
    const place = placeOf(asked);
    const before = await readEntry(context, place);
    if (!before.listed && before.withheld === undefined)
      return { kind: 'done', already: true, output: outputOf(before) };
    const after = await deleteEntry(context, place);
    if (!after.listed) return { kind: 'done', output: outputOf(after) };
    return { kind: 'failed', reason: 'rejected', detail: 'the change was taken, but it is still listed' };
  }),
  verify: verifying((asked, context) => entryStanding(asked, context, 'not listed')),
  undo: {
    action: 'feeds.add',
    // An entry that had an end gets no longer one.
    input(asked, _output, before) {
      const until = own(before?.state, 'expires');
      return { ...samePlace(asked), ...(until === undefined ? {} : { until }) };
    },
  },
  plan: (asked, before) => ({
    change: `${nameOf(asked)}: ${before?.summary ?? 'unknown'} -> not listed`,
    notes: before?.notes ?? [],
    output: { listed: false },
  }),
});
