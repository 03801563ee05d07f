import { afterEach, describe, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import { Secret } from '../../base/secret.ts';
import { element, textOf, withAttributes } from '../../base/xml.ts';
import { errorsOf } from '../../base/rpc.ts';
import { connector } from './manifest.ts';
import type { Settings } from './settings.ts';
import type { Statements } from './simulator-configuration.ts';
import { CONFIGURATION } from './simulator-configuration.ts';
import { junosFaults } from './simulator-faults.ts';
import type { JunosOptions, JunosSession } from './simulator-junos.ts';
import { createJunos } from './simulator-junos.ts';
import { serveNetconf } from './simulator-netconf.ts';

const START = Date.parse('2026-11-24T09:00:00Z');
const MINUTE = 60_000;
const IP = '203.0.113.9';
const BLOCK = 'backline run-1/step blocks 203.0.113.9';

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

interface Stage {
  readonly junos?: Partial<JunosOptions>;
  readonly settings?: Partial<Settings>;
}

async function setUp({ junos: options = {}, settings = {} }: Stage = {}) {
  const junos = createJunos({ now: START, configuration: CONFIGURATION, ...options });
  const faults = junosFaults();
  let fingerprint = '';
  const connection = await connect(connector, () => new Response(), {
    now: START,
    async serve() {
      const server = await serveNetconf(junos, { user: 'backline', password: 'a-password', faults });
      ({ fingerprint } = server);
      return { url: String(server.port), close: () => server.close() };
    },
    settings: port => ({
      way: 'netconf',
      host: '127.0.0.1',
      port: Number(port),
      user: 'backline',
      password: new Secret('a-password'),
      host_keys: [fingerprint],
      address_set: 'blocked',
      ...settings,
    }),
  });
  open.push(connection);
  return {
    junos,
    faults,
    block: (ip = IP) => connection.perform('block-address', { ip }),
    unblock: (ip = IP) => connection.perform('unblock-address', { ip }),
    stands: async (ip = IP) => (await connection.verify('block-address', { ip })).stands,
    connection,
    pass: (time: number) => junos.tick(connection.pass(time)),
  };
}

/** Another administrator, at a session of theirs. */
function edit(session: JunosSession, ...lines: readonly string[]): void {
  said(
    session,
    withAttributes(element('load-configuration', element('configuration-set', lines.join('\n'))), { action: 'set' }),
  );
}

function said(session: JunosSession, rpc: ReturnType<typeof element>): string {
  const answer = element('answer', ...session.rpc(rpc));
  expect(errorsOf(answer)).toEqual([]);
  return textOf(answer);
}

const CONFIRMED = element('commit-configuration', element('confirmed'), element('confirm-timeout', '2'));
const THEIRS = 'security address-book global address theirs 198.51.100.1/32';

describe.each(['exclusive', 'private'] as const)('with a candidate that is %s', candidate => {
  const settings = { candidate };

  test('an address is dropped, and let through again, and nothing else is changed', async () => {
    const { junos, block, unblock, stands } = await setUp({ settings });
    expect(await block()).toEqual({ kind: 'done', output: { ip: IP, listed: true, firewalls: ['127.0.0.1'] } });
    expect([junos.drops(IP), await stands()]).toEqual([true, true]);
    expect(await block()).toMatchObject({ kind: 'done', already: true });
    expect(junos.commits()[0]).toBe(BLOCK);
    expect(await unblock()).toMatchObject({ kind: 'done', output: { listed: false } });
    expect([junos.drops(IP), junos.committed()]).toEqual([false, CONFIGURATION]);
    expect(await unblock()).toMatchObject({ kind: 'done', already: true });
    expect(junos.state()).toMatchObject({ isLocked: false, isPending: false });
  });

  test('edits of another administrator are neither published nor destroyed: it waits', async () => {
    const { junos, block } = await setUp({ settings });
    const ann = junos.session('ann', 'cli');
    edit(ann, `set ${THEIRS}`);
    expect(await block()).toMatchObject({
      kind: 'retry',
      reason: 'unavailable',
      after: 15_000,
      detail: expect.stringContaining('configuration database modified') as unknown,
    });
    expect([junos.drops(IP), junos.committed(), junos.uncommitted()]).toEqual([false, CONFIGURATION, [THEIRS]]);
    said(ann, element('commit-configuration'));
    expect(await block()).toMatchObject({ kind: 'done' });
    expect(junos.committed()).toContain(THEIRS);
  });

  test('a lock of another administrator is waited for', async () => {
    const { junos, block } = await setUp({ settings });
    said(junos.session('ann', 'cli'), element('lock-configuration'));
    expect(await block()).toMatchObject({ kind: 'retry', reason: 'unavailable' });
    expect(junos.drops(IP)).toBe(false);
  });

  test('a commit of another administrator that waits for confirmation is not confirmed by ours', async () => {
    const { junos, block, pass } = await setUp({ settings });
    const ann = junos.session('ann', 'cli');
    edit(ann, `set ${THEIRS}`);
    said(ann, CONFIRMED);
    expect(await block()).toMatchObject({
      kind: 'retry',
      reason: 'unavailable',
      detail: "a commit of ann's waits for its confirmation, and any other commit would confirm it",
    });
    pass(2 * MINUTE);
    expect(junos.committed()).not.toContain(THEIRS);
    expect(await block()).toMatchObject({ kind: 'done' });
  });

  test('an account that may only look changes nothing, and can look', async () => {
    const { junos, block, stands } = await setUp({ settings, junos: { isReadOnly: true } });
    expect(await block()).toMatchObject({ kind: 'failed', reason: 'auth' });
    expect([junos.committed(), await stands()]).toEqual([CONFIGURATION, false]);
  });

  test('what the device says to have done and has not is neither confirmed nor called done', async () => {
    const { junos, faults, block } = await setUp({ settings });
    faults.fault({ kind: 'no-effect' }, candidate === 'private' ? 'confirm' : 'commit', 1);
    expect(await block()).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining('the commit was taken, but 203.0.113.9 is not in the set') as unknown,
    });
    expect(junos.committed()).toEqual(CONFIGURATION);
  });

  test('a refused commit check changes nothing', async () => {
    const broken = [...CONFIGURATION, 'security policies global policy other match source-address nowhere'];
    const { junos, block } = await setUp({ settings, junos: { configuration: broken } });
    expect(await block()).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining(
        "address 'nowhere' of a policy is not found; configuration check-out failed",
      ) as unknown,
    });
    expect([junos.committed(), junos.uncommitted()]).toEqual([broken, []]);
  });
});

describe('a commit on confirmation', () => {
  test('is taken back by the firewall when its answer was lost and nobody confirms it', async () => {
    const { junos, faults, block, stands, pass } = await setUp();
    faults.fault({ kind: 'lost-answer' }, 'commit', 1);
    expect(await block()).toMatchObject({ kind: 'retry', reason: 'unreachable', inDoubt: true });
    expect([junos.drops(IP), await stands()]).toEqual([true, false]);
    pass(5 * MINUTE);
    expect([junos.drops(IP), await stands()]).toEqual([false, false]);
    expect(await block()).toMatchObject({ kind: 'done' });
    expect(await stands()).toBe(true);
  });

  test('is confirmed, and not made again, by the next attempt of the same command', async () => {
    const { junos, faults, connection, block, stands, pass } = await setUp();
    faults.fault({ kind: 'lost-answer' }, 'commit', 1);
    await block();
    expect(await connection.perform('check-address', { ip: IP })).toMatchObject({
      output: { listed: true, fetched: false, summary: 'listed, not confirmed yet, no policy denies the set' },
    });
    expect(await block()).toEqual({ kind: 'done', output: { ip: IP, listed: true, firewalls: ['127.0.0.1'] } });
    expect(junos.commits()).toEqual([BLOCK, BLOCK, '']);
    pass(60 * MINUTE);
    expect([junos.drops(IP), await stands()]).toEqual([true, true]);
  });

  test('is waited for by another command', async () => {
    const { faults, block } = await setUp();
    faults.fault({ kind: 'lost-answer' }, 'commit', 1);
    await block();
    expect(await block('203.0.113.10')).toMatchObject({ kind: 'retry', reason: 'unavailable', after: 30_000 });
  });

  test('whose confirmation lost its answer is looked up', async () => {
    const { faults, block, stands } = await setUp();
    faults.fault({ kind: 'lost-answer' }, 'confirm', 1);
    expect(await block()).toMatchObject({ kind: 'retry', inDoubt: true });
    expect(await stands()).toBe(true);
    expect(await block()).toMatchObject({ kind: 'done', already: true });
  });

  test('is not confirmed by whoever cannot see it any more', async () => {
    const { junos, faults, block, pass } = await setUp();
    // Two looks before the change, one after it.
    for (const _ of [1, 2]) faults.fault({ kind: 'none' }, 'read', 2);
    faults.fault({ kind: 'cut' }, 'read');
    expect(await block()).toMatchObject({ kind: 'retry', reason: 'unreachable', inDoubt: true });
    expect(junos.drops(IP)).toBe(true);
    pass(5 * MINUTE);
    expect(junos.drops(IP)).toBe(false);
  });
});

describe('what is configured around it', () => {
  const without = (text: string): Statements => CONFIGURATION.filter(statement => !statement.includes(text));

  test.each([
    [
      'no policy denies the set',
      without(' then deny'),
      'rejected',
      'no policy denies the set blocked: nothing would be dropped',
    ],
    [
      'there is no set',
      ['security policies global policy p then deny'],
      'not-found',
      'there is no address set blocked in the global address book',
    ],
    [
      'the name is somebody else’s',
      [...CONFIGURATION, 'security address-book global address backline-203.0.113.9 10.0.0.0/8'],
      'conflict',
      'backline-203.0.113.9 is in the address book as 10.0.0.0/8',
    ],
  ])('%s: nothing is changed', async (_, configuration, reason, detail) => {
    const { junos, block } = await setUp({ junos: { configuration } });
    expect(await block()).toMatchObject({ kind: 'failed', reason, detail: expect.stringContaining(detail) as unknown });
    expect([junos.committed(), junos.commits()]).toEqual([configuration, ['']]);
  });

  test('what may keep a policy from dropping is noted, and a deactivated one does not count', async () => {
    const zone = 'security policies from-zone trust to-zone untrust policy web';
    const permitting = [
      'match source-address any',
      'match destination-address any',
      'match application any',
      'then permit',
    ];
    const configuration = [...permitting.map(rest => `${zone} ${rest}`), ...without('drop-to')];
    const { connection } = await setUp({ junos: { configuration } });
    expect(await connection.verify('block-address', { ip: IP })).toEqual({
      stands: false,
      summary: 'not listed',
      state: { listed: false },
      notes: [
        'asked before policy drop-from (global), and permitting: web (trust to untrust)',
        'no policy denies the set as destination',
      ],
    });
  });

  test('the last address leaves a placeholder: a set that a policy names must not be empty', async () => {
    const configuration = CONFIGURATION.map(one =>
      one.replace(/\bnone\b/, 'backline-203.0.113.9').replace('192.0.2.0/32', `${IP}/32`),
    );
    const { junos, unblock } = await setUp({ junos: { configuration } });
    expect(await unblock()).toMatchObject({ kind: 'done' });
    expect(junos.drops(IP)).toBe(false);
    expect(junos.committed()).toContain('security address-book global address-set blocked address backline-none');
  });

  test('an entry that another set has too stays in the book', async () => {
    const { junos, block, unblock } = await setUp();
    await block();
    const ann = junos.session('ann', 'cli');
    edit(ann, 'set security address-book global address-set watched address backline-203.0.113.9');
    said(ann, element('commit-configuration'));
    expect(await unblock()).toMatchObject({ kind: 'done' });
    expect(junos.drops(IP)).toBe(false);
    expect(junos.committed()).toContain('security address-book global address backline-203.0.113.9 203.0.113.9/32');
  });

  test('two spellings of one address are one entry', async () => {
    const { junos, block } = await setUp();
    expect(await block('2001:DB8:0::9')).toMatchObject({ kind: 'done', output: { ip: '2001:db8::9' } });
    expect(await block('2001:db8::9')).toMatchObject({ already: true });
    expect(junos.drops('2001:db8::9')).toBe(true);
  });

  test.each([
    [{ ip: '127.0.0.1' }, '127.0.0.1 is the firewall itself'],
    [{ ip: IP, at_most: '1h' }, 'has no end of its own'],
    [{ ip: IP, until: '2026-12-01T00:00:00Z' }, 'has no end of its own'],
  ])('%j is refused', async (input, detail) => {
    const { junos, connection } = await setUp();
    expect(await connection.perform('block-address', input)).toMatchObject({
      kind: 'failed',
      reason: 'rejected',
      detail: expect.stringContaining(detail) as unknown,
    });
    expect(junos.commits()).toEqual(['']);
  });
});

const WHOLE: Settings = {
  way: 'netconf',
  host: 'srx.example',
  user: 'backline',
  password: new Secret('x'),
  host_keys: [`SHA256:${'A'.repeat(43)}`],
  address_set: 'blocked',
};

test.each<[keyof Settings, unknown, string]>([
  ['host', undefined, 'way netconf needs host'],
  ['user', undefined, 'way netconf needs user'],
  ['address_set', undefined, 'way netconf needs address_set'],
  ['address_set', 'a b', 'address_set: "a b" is no name'],
  ['password', undefined, 'way netconf needs password or key'],
  ['host_keys', undefined, 'without a pinned host key'],
  ['host_keys', ['aa:bb'], '"aa:bb" is no fingerprint'],
  ['confirm', '11m', 'confirm: 11m is not between 1m and 10m'],
  ['confirm', '0s', 'confirm: 0s is not between'],
])('settings that make no sense are refused: %s %j', (name, value, message) => {
  const { [name]: _, ...rest } = WHOLE;
  expect(() => connector.endpoints(value === undefined ? rest : { ...rest, [name]: value })).toThrow(message);
});
