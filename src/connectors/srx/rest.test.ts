import { afterEach, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import { Secret } from '../../base/secret.ts';
import { element, withAttributes } from '../../base/xml.ts';
import { connector } from './manifest.ts';
import type { Settings } from './settings.ts';
import { CONFIGURATION } from './simulator-configuration.ts';
import type { Junos } from './simulator-junos.ts';
import { createJunos } from './simulator-junos.ts';
import type { RestOptions } from './simulator-rest.ts';
import { createRest } from './simulator-rest.ts';

const START = Date.parse('2026-11-24T09:00:00Z');
const IP = '203.0.113.9';
const THEIRS = 'security address-book global address theirs 198.51.100.1/32';

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

async function setUp({
  rest: options = {},
  settings = {},
}: { readonly rest?: Partial<RestOptions>; readonly settings?: Partial<Settings> } = {}) {
  const junos = createJunos({ now: START, configuration: CONFIGURATION });
  const rest = createRest(junos, { user: 'backline', password: 'a-password', ...options });
  const connection = await connect(connector, rest.fetch, {
    now: START,
    settings: url => ({
      way: 'rest',
      url,
      user: 'backline',
      password: new Secret('a-password'),
      address_set: 'blocked',
      ...settings,
    }),
  });
  open.push(connection);
  return { junos, rest, connection, block: () => connection.perform('block-address', { ip: IP }) };
}

function edit(junos: Junos): void {
  const load = element('load-configuration', element('configuration-set', `set ${THEIRS}`));
  junos.session('ann', 'cli').rpc(withAttributes(load, { action: 'set' }));
}

test.each(['exclusive', 'private'] as const)(
  'an address is dropped and let through, with a candidate that is %s',
  async candidate => {
    const { junos, connection, block } = await setUp({ settings: { candidate } });
    expect(await block()).toEqual({ kind: 'done', output: { ip: IP, listed: true, firewalls: ['127.0.0.1'] } });
    expect(junos.drops(IP)).toBe(true);
    expect(await connection.perform('unblock-address', { ip: IP })).toMatchObject({ kind: 'done' });
    expect(junos.committed()).toEqual(CONFIGURATION);
  },
);

test.each(['exclusive', 'private'] as const)(
  'edits of others stay as they are, with a candidate that is %s',
  async candidate => {
    const { junos, block } = await setUp({ settings: { candidate } });
    edit(junos);
    expect(await block()).toMatchObject({ kind: 'retry', reason: 'unavailable' });
    expect([junos.committed(), junos.uncommitted()]).toEqual([CONFIGURATION, [THEIRS]]);
  },
);

test.each(['exclusive', 'private'] as const)(
  'a device that goes on after an error is not written to (%s)',
  async candidate => {
    const { junos, block } = await setUp({ rest: { goesOn: true }, settings: { candidate } });
    edit(junos);
    expect(await block()).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining('does not stop at the first error') as unknown,
    });
    expect([junos.committed(), junos.uncommitted()]).toEqual([CONFIGURATION, [THEIRS]]);
  },
);

test('an edit that came before the confirmation keeps it waiting, and the firewall takes the commit back', async () => {
  const { junos, rest, connection, block } = await setUp();
  rest.fault({ fault: { kind: 'lost-answer' }, at: 'commit', times: 1 });
  expect(await block()).toMatchObject({ kind: 'retry', inDoubt: true });
  edit(junos);
  expect(await block()).toMatchObject({ kind: 'retry', reason: 'unavailable' });
  junos.tick(connection.pass(300_000));
  expect([junos.drops(IP), junos.committed()]).toEqual([false, CONFIGURATION]);
});

test.each<[string, string, string]>([
  ['text/html', '<html/>', 'it is no XML'],
  ['application/xml', '<a/>trailing <b>', 'not well formed'],
  ['application/xml', '<?xml version="1.0"?><a/><?xml version="1.0"?><b/>', 'several documents in one'],
  ['multipart/mixed', '', 'no boundary'],
  ['multipart/mixed; boundary=x', '--x\r\n\r\n<a/>\r\n', 'ends too early'],
  ['multipart/mixed; boundary=x', '--x--', 'no list of commits'],
  ['multipart/mixed; boundary="x"', '\r\n--x\r\n\r\n<a/>\r\n--x\r\n\r\n<a/>\r\n--x\r\n\r\n<a/>\r\n--x--', 'more parts'],
  ['application/xml', '', 'no list of commits'],
])('an answer of %s, %j, makes no sense', async (type, body, message) => {
  const connection = await connect(connector, () => new Response(body, { headers: { 'content-type': type } }), {
    settings: url => ({ way: 'rest', url, user: 'u', password: new Secret('p'), address_set: 'blocked' }),
  });
  open.push(connection);
  expect(await connection.perform('check-address', { ip: IP })).toMatchObject({
    kind: 'retry',
    reason: 'malformed-answer',
    detail: expect.stringContaining(message) as unknown,
  });
});

const WHOLE: Settings = {
  way: 'rest',
  url: 'https://srx.example:3443',
  user: 'u',
  password: new Secret('p'),
  address_set: 'blocked',
};

test.each<[keyof Settings, unknown, string]>([
  ['url', undefined, 'way rest needs url'],
  ['url', 'https://u:p@srx.example', 'url: it must be http(s)://host:port'],
  ['url', 'https://srx.example/rpc', 'url: it must be'],
  ['url', 'ssh://srx.example', 'url: it must be'],
  ['password', undefined, 'way rest needs password'],
])('settings that make no sense are refused: %s %j', (name, value, message) => {
  const { [name]: _, ...rest } = WHOLE;
  expect(() => connector.endpoints(value === undefined ? rest : { ...rest, [name]: value })).toThrow(message);
});
