import { defineAction } from '../../../action/action.ts';
import { reading } from '../../../action/http-answer.ts';
import { asking } from '../client.ts';
import { hostInput, hostOutput, rowsOfHost } from '../host-rows.ts';
import { readIncidents } from '../rows.ts';
import type { settings } from '../settings.ts';

export const findIncidents = defineAction<typeof settings>()({
  name: 'find-incidents',
  description: 'Incidents that a host was part of, by its address or its name: events of one host within five minutes.',
  effect: 'read',
  input: hostInput,
  output: hostOutput,
  repeatable: true,
  rights: ['see incidents'],
  asks: asking('incidents'),
  perform: reading((input, context) =>
    rowsOfHost(input, context, { read: window => readIncidents(context, window), link: 'incident_id' }),
  ),
});
