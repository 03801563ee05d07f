import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { asking } from '../client.ts';
import { hostInput, hostOutput, rowsOfHost } from '../host-rows.ts';
import { readEvents } from '../rows.ts';
import type { settings } from '../settings.ts';

export const findEvents = defineAction<typeof settings>()({
  name: 'find-events',
  description:
    'Single detections on a host, by its address or its name: downloads, command and control, phishing, mail.',
  effect: 'read',
  input: hostInput,
  output: hostOutput,
  repeatable: true,
  rights: ['see events'],
  asks: asking('events'),
  perform: reading((input, context) =>
    rowsOfHost(input, context, { read: window => readEvents(context, window), link: 'event_id' }),
  ),
});
