import { defineConnector } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { blockAddress } from './actions/block-address.ts';
import { checkAddress } from './actions/check-address.ts';
import { unblockAddress } from './actions/unblock-address.ts';
import { srxTypes } from './events.ts';
import { logs } from './logs.ts';
import { checkSettings, configurationSettings, feedSettings, isByFeed, settings } from './settings.ts';

/**
 * Juniper SRX: by the list that it fetches from Backline (`security dynamic-address feed-server`), or by its configuration;
 * and its security logs.
 */
export const connector = defineConnector({
  name: 'srx',
  title: 'Juniper SRX',
  description:
    'Addresses that firewalls drop, by a list that they ask for or by their configuration, and what their security logs report.',
  settings,
  endpoints: given => {
    checkSettings(given);
    if (!isByFeed(given)) return {};
    const { feeds, token, ca } = feedSettings(given);
    const headers = { authorization: new Secret(`Bearer ${token.reveal()}`) };
    return { default: { url: feeds, headers, ...(ca === undefined ? {} : { ca }) } };
  },
  device: given => {
    if (isByFeed(given)) return undefined;
    const {
      host,
      port = 830,
      user,
      password,
      key,
      passphrase,
      host_keys: hostKeys = [],
    } = configurationSettings(given);
    return {
      kind: 'netconf',
      host,
      port,
      user,
      hostKeys,
      ...(password === undefined ? {} : { password }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    };
  },
  events: srxTypes,
  readers: [logs],
  actions: [checkAddress, blockAddress, unblockAddress],
});
