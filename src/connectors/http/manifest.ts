import { defineConnector } from '../../action/connector.ts';
import { change } from './actions/change.ts';
import { get } from './actions/get.ts';
import { send } from './actions/send.ts';
import { parseHosts, settings } from './settings.ts';

/** Any API that speaks HTTP, on hosts that the configuration names. */
export const connector = defineConnector({
  name: 'http',
  title: 'HTTP API',
  description: 'Any API that speaks HTTP, on hosts that the configuration names.',
  settings,
  endpoints: parseHosts,
  actions: [get, send, change],
});
