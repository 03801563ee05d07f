import { defineAction } from '../../../action/action.ts';
import { readEntry } from '../../../action/feed-entry.ts';
import { reading } from '../../../action/http-answer.ts';
import { listedOutput, outputOf, placeInput, placeOf } from '../entry.ts';
import type { settings } from '../settings.ts';

export const check = defineAction<typeof settings>()({
  name: 'check',
  description: 'Whether a value is on a list that Backline serves.',
  effect: 'read',
  input: placeInput,
  output: listedOutput,
  repeatable: true,
  rights: ['feeds.token'],
  perform: reading(async (asked, context) => ({
    kind: 'done',
    output: outputOf(await readEntry(context, placeOf(asked))),
  })),
});
