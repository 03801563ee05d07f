import { defineConnector } from '../../action/connector.ts';
import type { Endpoint } from '../../base/http.ts';
import { Secret } from '../../base/secret.ts';
import { page } from './actions/page.ts';
import { send } from './actions/send.ts';
import type { Channel } from './settings.ts';
import { parseChannels, settings } from './settings.ts';

/** Messages to people, through webhooks, chat, e-mail, syslog or into the log. */
export const connector = defineConnector({
  name: 'notify',
  title: 'Notifications',
  description: 'Messages to people, through webhooks, chat, e-mail, syslog or into the log.',
  settings,
  endpoints: given => Object.fromEntries([...parseChannels(given)].flatMap(endpointOf)),
  outlets: given =>
    Object.fromEntries(
      [...parseChannels(given)].flatMap(([name, channel]) =>
        channel.kind === 'syslog' ? [[name, channel.outlet] as const] : [],
      ),
    ),
  relays: given =>
    Object.fromEntries(
      [...parseChannels(given)].flatMap(([name, channel]) =>
        channel.kind === 'smtp' ? [[name, channel.relay] as const] : [],
      ),
    ),
  actions: [send, page],
});

function endpointOf([name, channel]: [string, Channel]): [string, Endpoint][] {
  if (channel.kind !== 'webhook' && channel.kind !== 'slack') return [];
  const { url, secret } = channel;
  const headers = secret === undefined ? {} : { authorization: new Secret(`Bearer ${secret.reveal()}`) };
  return [[name, { url, headers }]];
}
