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

/** Done when the sensor does it, not when the server has noted it; of an offline sensor it is unconfirmed. */
export const isolateHost = defineAction<typeof settings>()({
  name: 'isolate-host',
  description:
    'Cuts a host off from the network, but for DNS, DHCP and the server. Done at the next check-in of its sensor.',
  effect: 'reversible',
  input: sensorInput,
  output: isolationOutput,
  timeout: ISOLATION_TIMEOUT,
  repeatable: true,
  rights: ISOLATION_RIGHTS,
  perform: writing((input, context) => isolate(input, true, context)),
  resume: (token, input, context) => reading(followUp(token, true))(input, context),
  verify: verifying((input, context) => isolationStanding(input, true, context)),
  undo: { action: 'carbonblack.release-host', input: ({ sensor }) => ({ sensor }) },
  plan: (input, before) => planIsolation(input, true, before),
});
