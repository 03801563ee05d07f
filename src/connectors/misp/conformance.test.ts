import { describeConnector } from '../../../test/conformance/connector.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { createSimulator } from './simulator.ts';

const KEY = 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0';
const PATHS = { any: [''], read: ['restSearch'], write: ['/sightings/add'] };

describeConnector('misp', connector, () => {
  const simulator = createSimulator({ key: KEY, now: Date.parse('2026-11-24T09:00:00Z') });
  simulator.attribute({ value: '203.0.113.9', type: 'ip-dst', category: 'Network activity', event: 7, toIds: true });
  return {
    simulator,
    // It is read by POST, so a read is told from a write by its path.
    inject: (fault, at, times) => {
      for (const path of PATHS[at]) simulator.fault({ fault, path, ...(times === undefined ? {} : { times }) });
    },
    settings: url => ({ url, key: new Secret(KEY) }),
    secrets: [KEY],
    examples: {
      'lookup-attribute': { input: { value: '203.0.113.9' } },
      'add-sighting': { input: { value: '203.0.113.9' } },
    },
  };
});
