import { defineConnector } from '../../action/connector.ts';
import { addSighting } from './actions/add-sighting.ts';
import { lookupAttribute } from './actions/lookup-attribute.ts';
import { probe } from './probe.ts';
import { settings } from './settings.ts';

/** MISP, the threat sharing platform, through its automation API. */
export const connector = defineConnector({
  name: 'misp',
  title: 'MISP',
  description: 'What a threat sharing platform knows of an address, a domain or a hash; reports that it was seen.',
  settings,
  endpoints: ({ url, key, ca, pinned }) => ({
    default: {
      url,
      // The bare key. Without this Accept MISP answers pages and redirects to its login (misp-book, automation).
      headers: { authorization: key, accept: 'application/json' },
      ...(ca === undefined ? {} : { ca }),
      ...(pinned === undefined ? {} : { pinned }),
    },
  }),
  probe,
  actions: [lookupAttribute, addSighting],
});
