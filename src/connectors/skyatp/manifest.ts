import { defineConnector } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { addInfectedHost } from './actions/add-infected-host.ts';
import { allowHost } from './actions/allow-host.ts';
import { allowIndicator } from './actions/allow-indicator.ts';
import { blockIndicator } from './actions/block-indicator.ts';
import { checkIndicator } from './actions/check-indicator.ts';
import { checkInfectedHost } from './actions/check-infected-host.ts';
import { disallowHost } from './actions/disallow-host.ts';
import { disallowIndicator } from './actions/disallow-indicator.ts';
import { listIndicators } from './actions/list-indicators.ts';
import { listInfectedHosts } from './actions/list-infected-hosts.ts';
import { lookupHash } from './actions/lookup-hash.ts';
import { removeInfectedHost } from './actions/remove-infected-host.ts';
import { submitSample } from './actions/submit-sample.ts';
import { unblockIndicator } from './actions/unblock-indicator.ts';
import { clearedHostType, infectedHostType } from './events.ts';
import { readHosts } from './client.ts';
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
  probe: {
    call: 'GET /v1/skyatp/infected_hosts/blacklist',
    shows: ['Open API'],
    async ask(context) {
      const { size } = await readHosts(context, 'blacklist');
      return { said: `${size} on the block list of infected hosts` };
    },
  },
  actions: [
    lookupHash,
    submitSample,
    listInfectedHosts,
    checkInfectedHost,
    addInfectedHost,
    removeInfectedHost,
    allowHost,
    disallowHost,
    listIndicators,
    checkIndicator,
    blockIndicator,
    unblockIndicator,
    allowIndicator,
    disallowIndicator,
  ],
  sources: [infectedHosts],
});
