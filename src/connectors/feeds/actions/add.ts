import { defineAction } from '../../../action/action.ts';
import { endOf, endProperties, lastsUntil, putEntry, readEntry } from '../../../action/feed-entry.ts';
import { verifying, writing } from '../../../action/http-answer.ts';
import { formatInstant } from '../../../base/clock.ts';
import { entryStanding, listedOutput, nameOf, outputOf, placeOf, placeProperties, samePlace } from '../entry.ts';
import type { settings } from '../settings.ts';

export const add = defineAction<typeof settings>()({
  name: 'add',
  description: 'Puts a value onto a list that Backline serves. Whoever asks for it finds it with the next request.',
  effect: 'reversible',
  input: {
    type: 'object',
    properties: {
      ...placeProperties,
      ...endProperties,
    },
    required: ['list'],
    additionalProperties: false,
  },
  output: listedOutput,
  repeatable: true,
  rights: ['feeds.token'],
  perform: writing(async (asked, context) => {
    const place = placeOf(asked);
    const before = await readEntry(context, place);
    const wanted = endOf(asked, context.now);
    if (lastsUntil(before, wanted)) return { kind: 'done', already: true, output: outputOf(before) };
    const expires = wanted === undefined ? undefined : formatInstant(wanted);
    const after = await putEntry(context, place, { expires, note: context.key });
    if (after.listed) return { kind: 'done', output: outputOf(after) };
    const detail = `the change was taken, but it is not listed: ${after.withheld ?? 'it is over'}`;
    return { kind: 'failed', reason: 'rejected', detail };
  }),
  verify: verifying((asked, context) => entryStanding(asked, context, 'listed')),
  undo: { action: 'feeds.remove', input: samePlace },
  plan: (asked, before) => ({
    change: `${nameOf(asked)}: ${before?.summary ?? 'unknown'} -> listed`,
    notes: before?.notes ?? [],
    output: { listed: true },
  }),
});
