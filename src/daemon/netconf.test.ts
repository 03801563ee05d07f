import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { NetconfDevice, Rpcs } from '../base/rpc.ts';
import { errorsOf } from '../base/rpc.ts';
import { Secret } from '../base/secret.ts';
import type { Element } from '../base/xml.ts';
import { element, findElement, textOf } from '../base/xml.ts';
import type { JunosFault } from '../connectors/srx/simulator-faults.ts';
import { junosFaults } from '../connectors/srx/simulator-faults.ts';
import { createJunos } from '../connectors/srx/simulator-junos.ts';
import type { NetconfServerOptions } from '../connectors/srx/simulator-netconf.ts';
import { keyPair, serveNetconf } from '../connectors/srx/simulator-netconf.ts';
import { parseReply } from './rpc-reply.ts';
import { createRpcs } from './rpcs.ts';

const PASSWORD = 'a-password-of-the-device';
const READ = element('get-configuration');
const COMMIT = element('commit-configuration');
const never = new AbortController().signal;

async function setUp({
  server = {},
  device = {},
  timeout = 5_000,
}: {
  readonly server?: Partial<NetconfServerOptions>;
  readonly device?: Partial<NetconfDevice>;
  readonly timeout?: number;
} = {}) {
  const faults = junosFaults();
  const seen: string[] = [];
  const junos = createJunos({ now: 0, configuration: ['security address-book global address a 192.0.2.1/32'] });
  const served = await serveNetconf(junos, {
    user: 'backline',
    password: PASSWORD,
    faults,
    seen: ({ name }) => void seen.push(name),
    ...server,
  });
  onTestFinished(() => served.close());
  const { port, fingerprint } = served;
  const rpcs = createRpcs(
    {
      kind: 'netconf',
      host: '127.0.0.1',
      port,
      user: 'backline',
      password: new Secret(PASSWORD),
      hostKeys: [fingerprint],
      ...device,
    },
    { timeout },
  );
  return { rpcs, seen, faults, junos, fingerprint };
}

function call(rpcs: Rpcs, ...asked: Element[]): Promise<readonly Element[]> {
  return rpcs(never, session => session.call(asked));
}

test.each([true, false])('asks and is answered; the device has chunks: %s', async chunks => {
  const { rpcs } = await setUp({ server: { chunks } });
  const [answer, other] = await call(rpcs, READ, element('get-commit-information'));
  expect(textOf(answer && findElement(answer, 'ip-prefix'))).toBe('192.0.2.1/32');
  expect(other && findElement(other, 'commit-history')).toBeDefined();
});

test('a host key that is not pinned gets no login, and its fingerprint is said', async () => {
  const { rpcs, seen, fingerprint } = await setUp({ device: { hostKeys: [`SHA256:${'A'.repeat(43)}`] } });
  await expect(call(rpcs, READ)).rejects.toMatchObject({
    reason: 'auth',
    sent: false,
    message: `the host key is none of the pinned ones; its fingerprint is ${fingerprint}`,
  });
  expect(seen).toEqual([]);
});

test('a wrong password is refused', async () => {
  const { rpcs } = await setUp({ device: { password: new Secret('another-password') } });
  await expect(call(rpcs, READ)).rejects.toMatchObject({ reason: 'auth', sent: false });
});

test('a password that is asked for in a dialogue is given', async () => {
  const { rpcs } = await setUp({ server: { asks: true } });
  expect(await call(rpcs, READ)).toHaveLength(1);
});

test('a private key logs in, with its passphrase', async () => {
  const key = keyPair('of-the-key');
  const device: Partial<NetconfDevice> = { key: new Secret(key.private), passphrase: new Secret('of-the-key') };
  const { rpcs } = await setUp({ server: { authorized: key.public, password: 'not this one' }, device });
  expect(await call(rpcs, READ)).toHaveLength(1);
});

test('a key that cannot be read says so, and nothing of the key', async () => {
  const { rpcs } = await setUp({ device: { key: new Secret('-----BEGIN OPENSSH PRIVATE KEY-----\nc2VjcmV0\n') } });
  const error: unknown = await call(rpcs, READ).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: 'auth', sent: false, cause: undefined });
  expect(String(error)).not.toContain('c2VjcmV0');
});

test('nobody at the port', async () => {
  const { rpcs } = await setUp({ device: { port: 1 } });
  await expect(call(rpcs, READ)).rejects.toMatchObject({ reason: 'unreachable', sent: false });
});

test.each<[JunosFault, string]>([
  [{ kind: 'silence' }, 'timeout'],
  [{ kind: 'cut' }, 'unreachable'],
  [{ kind: 'cut-reply' }, 'unreachable'],
  [{ kind: 'lost-answer' }, 'unreachable'],
  [{ kind: 'not-xml' }, 'malformed-answer'],
  [{ kind: 'broken-xml' }, 'malformed-answer'],
])('%j is in doubt where something was to change, and not where it was not', async (fault, reason) => {
  const { rpcs, faults } = await setUp({ timeout: fault.kind === 'silence' ? 300 : 5_000 });
  faults.fault(fault);
  await expect(call(rpcs, READ)).rejects.toMatchObject({ reason, sent: false });
  await expect(call(rpcs, COMMIT)).rejects.toMatchObject({ reason, sent: true });
});

test('the rest is not sent after an error, and the lock goes with the session', async () => {
  const { rpcs, seen, junos } = await setUp();
  const answers = await call(rpcs, element('lock-configuration'), element('no-such-thing'), COMMIT);
  expect(answers.map(answer => errorsOf(answer).map(({ message }) => message))).toEqual([[], ['syntax error']]);
  expect(seen).toEqual(['lock-configuration', 'no-such-thing']);
  expect(junos.state()).toMatchObject({ isLocked: false });
});

test('a session that is given up keeps no lock either', async () => {
  const { rpcs, junos } = await setUp();
  const work = rpcs(never, async session => {
    await session.call([element('lock-configuration')]);
    throw new Error('given up');
  });
  await expect(work).rejects.toThrow('given up');
  expect(junos.state()).toMatchObject({ isLocked: false });
});

test('rejects with the reason of its signal, before and during', async () => {
  const { rpcs, faults } = await setUp();
  const early = AbortSignal.abort(new Error('stopped early'));
  await expect(rpcs(early, session => session.call([READ]))).rejects.toThrow('stopped early');
  faults.fault({ kind: 'silence' });
  const stop = new AbortController();
  const late = rpcs(stop.signal, session => {
    const answer = session.call([READ]);
    stop.abort(new Error('stopped late'));
    return answer;
  });
  await expect(late).rejects.toThrow('stopped late');
});

test('no answer shows the password (E10)', async () => {
  const { rpcs, faults } = await setUp();
  faults.fault({ kind: 'rpc-error', message: `wrong: ${PASSWORD}` });
  const [answer] = await call(rpcs, READ);
  expect(answer && errorsOf(answer)).toMatchObject([{ message: 'wrong: [secret]' }]);
});

test('the recorded answer of a cluster to a commit check is mended, and nothing else', () => {
  const file = join(
    import.meta.dirname,
    '..',
    '..',
    'test',
    'fixtures',
    'juniper',
    'netconf_cluster',
    '01_commit_check_unbalanced.xml',
  );
  const recorded = readFileSync(file, 'utf8');
  expect(findElement(parseReply(recorded), 'commit-check-success')).toBeDefined();
  expect(() => parseReply(recorded.replace('commit-check-success', 'commit-success'))).toThrow('well formed');
  expect(() => parseReply(recorded.replace('<nc:ok/>', '<rpc-error/>'))).toThrow('well formed');
});
