import { defineConnector } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { addInfectedHost } from './actions/add-infected-host.ts';
import { checkInfectedHost } from './actions/check-infected-host.ts';
import { listIndicators } from './actions/list-indicators.ts';
import { lookupHash } from './actions/lookup-hash.ts';
import { removeInfectedHost } from './actions/remove-infected-host.ts';
import { clearedHostType, infectedHostType } from './events.ts';
import { settings } from './settings.ts';
import { infectedHosts } from './source.ts';

/** Juniper ATP Cloud, formerly Sky ATP, through its Open API. */
export const connector = defineConnector({
  name: 'skyatp',
  title: 'Juniper SkyATP (ATP Cloud)',
  description: 'Infected hosts that SRX firewalls block, block and allow lists, and verdicts on files.',
  settings,
  endpoints: ({ url, token, ca }) => ({
    default: {
      url,
      headers: { authorization: new Secret(`Bearer ${token.reveal()}`) },
      ...(ca === undefined ? {} : { ca }),
    },
  }),
  events: [infectedHostType, clearedHostType],
  actions: [lookupHash, checkInfectedHost, addInfectedHost, removeInfectedHost, listIndicators],
  sources: [infectedHosts],
});
