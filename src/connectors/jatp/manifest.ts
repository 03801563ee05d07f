import { defineConnector } from '../../action/connector.ts';
import { analyzeFile } from './actions/analyze-file.ts';
import { commentIncident } from './actions/comment-incident.ts';
import { findEvents } from './actions/find-events.ts';
import { findIncidents } from './actions/find-incidents.ts';
import { lookupHash } from './actions/lookup-hash.ts';
import { reportInfectedHost } from './actions/report-infected-host.ts';
import { incidentType } from './incident.ts';
import { fieldsOf, networksOf, outletOf, pollSettings, settings } from './settings.ts';
import { asking } from './client.ts';
import { readIncidents } from './rows.ts';
import { incidents } from './source.ts';

/** Juniper JATP (ATP Appliance), formerly Cyphort, through its HTTP API. */
export const connector = defineConnector({
  name: 'jatp',
  title: 'Juniper JATP (ATP Appliance)',
  description: 'Incidents that the sandbox and its collectors see on the network, and verdicts on files.',
  settings,
  endpoints: given => {
    pollSettings(given);
    fieldsOf(given);
    networksOf(given);
    outletOf(given);
    const { url, key, ca, pinned } = given;
    return {
      default: {
        url,
        // The bare key: no scheme before it (vendor).
        headers: { authorization: key },
        ...(ca === undefined ? {} : { ca }),
        ...(pinned === undefined ? {} : { pinned }),
      },
    };
  },
  outlets: given => {
    const outlet = outletOf(given);
    return outlet === undefined ? {} : { lines: outlet };
  },
  probe: {
    call: 'POST op=incidents',
    asks: asking('incidents'),
    shows: ['see incidents'],
    async ask(context) {
      const rows = await readIncidents(context, { until: context.now, back: 3_600_000 });
      return { said: `${rows.length} incidents in the last hour` };
    },
  },
  events: [incidentType],
  actions: [lookupHash, analyzeFile, findIncidents, findEvents, commentIncident, reportInfectedHost],
  sources: [incidents],
});
