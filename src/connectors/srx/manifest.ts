import { defineConnector } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { blockAddress } from './actions/block-address.ts';
import { checkAddress } from './actions/check-address.ts';
import { unblockAddress } from './actions/unblock-address.ts';
import { checkSettings, settings } from './settings.ts';

/** Juniper SRX, by the list that it fetches from Backline (`security dynamic-address feed-server`). */
export const connector = defineConnector({
  name: 'srx',
  title: 'Juniper SRX',
  description: 'Addresses that firewalls drop, by a list that they ask for.',
  settings,
  endpoints: given => {
    checkSettings(given);
    const { feeds, token, ca } = given;
    const headers = { authorization: new Secret(`Bearer ${token.reveal()}`) };
    return { default: { url: feeds, headers, ...(ca === undefined ? {} : { ca }) } };
  },
  actions: [checkAddress, blockAddress, unblockAddress],
});
