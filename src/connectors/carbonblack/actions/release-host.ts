import { defineAction } from '../../../action/action.ts';
import { reading, verifying, writing } from '../../../action/http-answer.ts';
import {
  ISOLATION_RIGHTS,
  ISOLATION_TIMEOUT,
  followUp,
  isolate,
  isolationOutput,
  isolationStanding,
  planIsolation,
  sensorInput,
} from '../isolation.ts';
import type { settings } from '../settings.ts';

/** Lets back also a host that somebody else has isolated: whoever asks for it by name means it. */
export const releaseHost = defineAction<typeof settings>()({
  name: 'release-host',
  description: 'Lets an isolated host back to the network. Done at the next check-in of its sensor.',
  effect: 'reversible',
  input: sensorInput,
  output: isolationOutput,
  timeout: ISOLATION_TIMEOUT,
  repeatable: true,
  rights: ISOLATION_RIGHTS,
  perform: writing((input, context) => isolate(input, false, context)),
  resume: (token, input, context) => reading(followUp(token, false))(input, context),
  verify: verifying((input, context) => isolationStanding(input, false, context)),
  undo: { action: 'carbonblack.isolate-host', input: ({ sensor }) => ({ sensor }) },
  plan: (input, before) => planIsolation(input, false, before),
});
