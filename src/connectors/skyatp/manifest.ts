import { defineConnector } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { addAllowedHost } from './actions/add-allowed-host.ts';
import { addInfectedHost } from './actions/add-infected-host.ts';
import { addToCustomFeed } from './actions/add-to-feed.ts';
import { allowIndicator } from './actions/allow-indicator.ts';
import { blockIndicator } from './actions/block-indicator.ts';
import { checkIndicator } from './actions/check-indicator.ts';
import { checkInfectedHost } from './actions/check-infected-host.ts';
import { disallowIndicator } from './actions/disallow-indicator.ts';
import { listIndicators } from './actions/list-indicators.ts';
import { listInfectedHosts } from './actions/list-infected-hosts.ts';
import { lookupHash } from './actions/lookup-hash.ts';
import { removeAllowedHost } from './actions/remove-allowed-host.ts';
import { removeFromCustomFeed } from './actions/remove-from-feed.ts';
import { removeInfectedHost } from './actions/remove-infected-host.ts';
import { submitSample } from './actions/submit-sample.ts';
import { unblockIndicator } from './actions/unblock-indicator.ts';
import { feedsOf } from './custom-feed.ts';
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
  endpoints: given => {
    feedsOf(given);
    const { url, feeds_url: feedsUrl, token, ca } = given;
    const headers = { authorization: new Secret(`Bearer ${token.reveal()}`) };
    const trust = ca === undefined ? {} : { ca };
    return {
      default: { url, headers, ...trust },
      ...(feedsUrl === undefined ? {} : { feeds: { url: feedsUrl, headers, ...trust } }),
    };
  },
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
    addAllowedHost,
    removeAllowedHost,
    listIndicators,
    checkIndicator,
    blockIndicator,
    unblockIndicator,
    allowIndicator,
    disallowIndicator,
    addToCustomFeed,
    removeFromCustomFeed,
  ],
  sources: [infectedHosts],
});
