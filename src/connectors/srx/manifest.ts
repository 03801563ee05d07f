import { defineConnector } from '../../action/connector.ts';
import { readEntry } from '../../action/feed-entry.ts';
import { Secret } from '../../base/secret.ts';
import { blockAddress } from './actions/block-address.ts';
import { checkAddress } from './actions/check-address.ts';
import { unblockAddress } from './actions/unblock-address.ts';
import { srxTypes } from './events.ts';
import { logs } from './logs.ts';
import { checkSettings, placeOf, settings } from './settings.ts';

/** Juniper SRX, by the list that it fetches from Backline (`security dynamic-address feed-server`), and its security logs. */
export const connector = defineConnector({
  name: 'srx',
  title: 'Juniper SRX',
  description: 'Addresses that firewalls drop, by a list that they ask for, and what their security logs report.',
  settings,
  endpoints: given => {
    checkSettings(given);
    const { feeds, token, ca } = given;
    const headers = { authorization: new Secret(`Bearer ${token.reveal()}`) };
    return { default: { url: feeds, headers, ...(ca === undefined ? {} : { ca }) } };
  },
  events: srxTypes,
  readers: [logs],
  probe: {
    call: 'GET /api/feeds/<list>/entry',
    shows: ['feeds.token'],
    async ask(context) {
      // RFC 5737: an address that nobody has.
      const { version } = await readEntry(context, placeOf(context.settings, '192.0.2.1'));
      return { said: `the list is there, in version ${version}` };
    },
  },
  actions: [checkAddress, blockAddress, unblockAddress],
});
