import { defineConnector } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { blockAddress } from './actions/block-address.ts';
import { checkAddress } from './actions/check-address.ts';
import { unblockAddress } from './actions/unblock-address.ts';
import { srxTypes } from './events.ts';
import { logs } from './logs.ts';
import { checkSettings, settings } from './settings.ts';

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
  actions: [checkAddress, blockAddress, unblockAddress],
});
