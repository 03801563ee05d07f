import { defineConnector } from '../../action/connector.ts';
import { readEntry } from '../../action/feed-entry.ts';
import type { Device } from '../../base/rpc.ts';
import { Secret } from '../../base/secret.ts';
import { blockAddress } from './actions/block-address.ts';
import { checkAddress } from './actions/check-address.ts';
import { unblockAddress } from './actions/unblock-address.ts';
import { srxTypes } from './events.ts';
import { logs } from './logs.ts';
import { look, spotOf } from './look.ts';
import type { Settings } from './settings.ts';
import { checkSettings, configurationSettings, feedSettings, isByFeed, placeOf, settings } from './settings.ts';

/** RFC 5737: an address that nobody has. */
const NOBODY = '192.0.2.1';

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
    if (given.way === 'rest') return restOf(given);
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
  probe: {
    call: 'the list, or the committed configuration',
    // Reading proves neither what the firewall makes of a list nor that a commit is allowed.
    shows: [],
    async ask(context) {
      if (isByFeed(context.settings)) {
        const { version } = await readEntry(context, placeOf(feedSettings(context.settings), NOBODY));
        return { said: `the list is there, in version ${version}` };
      }
      const { address_set: set } = configurationSettings(context.settings);
      const { members, enforcement } = await context.rpcs(context.signal, session =>
        look(session, spotOf(set, NOBODY), context.now),
      );
      const denied = enforcement.denying.length === 0 ? 'and no policy denies it' : 'and a policy denies it';
      return { said: `the set ${set} is there, with ${members.length} entries, ${denied}` };
    },
  },
  actions: [checkAddress, blockAddress, unblockAddress],
});

function restOf({ url = '', user = '', password, ca, pinned, stop = 'stop-on-error' }: Settings): Device {
  if (password === undefined) throw new Error('way rest needs password');
  return {
    kind: 'rest',
    url,
    user,
    password,
    stop: { [stop]: '1' },
    ...(ca === undefined ? {} : { ca }),
    ...(pinned === undefined ? {} : { pinned }),
  };
}
