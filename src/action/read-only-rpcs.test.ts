import { expect, test } from 'vitest';
import type { Rpcs } from '../base/rpc.ts';
import type { Element } from '../base/xml.ts';
import { element } from '../base/xml.ts';
import { noRpcs, readOnlyRpcs } from './read-only-rpcs.ts';

const signal = new AbortController().signal;

function device(): { readonly rpcs: Rpcs; readonly seen: Element[] } {
  const seen: Element[] = [];
  const rpcs: Rpcs = (_signal, work) =>
    work({ lasts: true, call: async asked => asked.map(rpc => (seen.push(rpc), element('rpc-reply'))) });
  return { rpcs, seen };
}

test('what reads passes', async () => {
  const { rpcs, seen } = device();
  await readOnlyRpcs(rpcs)(signal, session => session.call([element('get-config'), element('get-commit-information')]));
  expect(seen.map(({ name }) => name)).toEqual(['get-config', 'get-commit-information']);
});

test.each([
  'commit-configuration',
  'lock-configuration',
  'load-configuration',
  'command',
  'edit-config',
  'kill-session',
])('%s does not pass, and nothing that stands before it', async name => {
  const { rpcs, seen } = device();
  const asked = readOnlyRpcs(rpcs)(signal, session => session.call([element('get-config'), element(name)]));
  await expect(asked).rejects.toThrow(`an action declared as read tried to ${name}`);
  expect(seen).toEqual([]);
});

test('without a device there is nothing to call', async () => {
  await expect(noRpcs(signal, session => session.call([]))).rejects.toThrow('no device');
});
