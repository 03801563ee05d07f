import { defineConnector } from '../../action/connector.ts';
import { Secret } from '../../base/secret.ts';
import { add } from './actions/add.ts';
import { check } from './actions/check.ts';
import { remove } from './actions/remove.ts';
import { settings } from './settings.ts';

/** Backline's own lists, for whatever can read one. */
export const connector = defineConnector({
  name: 'feeds',
  title: 'Feeds',
  description: 'Lists that Backline serves for firewalls, proxies and other products.',
  settings,
  endpoints: ({ url, token, ca }) => {
    const headers = { authorization: new Secret(`Bearer ${token.reveal()}`) };
    return { default: { url, headers, ...(ca === undefined ? {} : { ca }) } };
  },
  actions: [check, add, remove],
});
