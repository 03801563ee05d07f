import { defineAction } from '../../../action/action.ts';
import { writing } from '../../../action/http-answer.ts';
import { reportLine } from '../report.ts';
import type { settings } from '../settings.ts';

export const reportInfectedHost = defineAction<typeof settings>()({
  name: 'report-infected-host',
  description: 'Reports an infected host to a collector of JATP, as a log line that Carbon Black could have sent.',
  effect: 'message',
  sends: ['lines'],
  through: () => ['lines'],
  input: {
    type: 'object',
    properties: {
      host: { type: 'string', minLength: 1, maxLength: 255, 'x-target': 'host', description: 'name of the computer' },
      reason: { type: 'string', minLength: 1, maxLength: 500, 'x-text': 'people', description: 'what was seen on it' },
      ip: {
        type: 'string',
        format: 'ip',
        'x-target': 'ip',
        description: 'its address: JATP joins events of one endpoint',
      },
      severity: { type: 'number', minimum: 0, maximum: 100 },
      user: { type: 'string', maxLength: 255 },
      process: { type: 'string', maxLength: 1_000 },
      md5: { type: 'string', format: 'md5', description: 'of the program' },
      alert: { type: 'string', maxLength: 64, description: 'id of the alert' },
    },
    required: ['host', 'reason'],
    additionalProperties: false,
  },
  output: {
    type: 'object',
    properties: {
      sent: { const: true, type: 'boolean', description: 'to the collector, which does not say whether it took it' },
    },
    required: ['sent'],
    additionalProperties: false,
  },
  // A second line is a second event.
  repeatable: false,
  rights: ['an external event collector for endpoint response on the appliance'],
  perform: writing(async (report, { lines, settings: given, now, signal }) => {
    if (given.syslog === undefined)
      return { kind: 'failed', reason: 'not-found', detail: 'the settings of jatp name no collector: syslog' };
    await lines({ line: reportLine(report, given, now), signal });
    return { kind: 'done', output: { sent: true } };
  }),
  plan: ({ host, reason }) => ({ change: `report of ${host}: ${JSON.stringify(reason)}`, output: { sent: true } }),
});
