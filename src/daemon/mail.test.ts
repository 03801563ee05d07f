import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { CERTIFICATE, PASSWORD, mailServer, reply } from '../../test/kit/mail-server.ts';
import type { MailRequest, Relay } from '../base/mail.ts';
import { Secret } from '../base/secret.ts';
import { createMail } from './mail.ts';

/** No authority at all. */
const NOBODY = '';

const MESSAGE: MailRequest = {
  relay: 'soc',
  subject: 'Host isolated',
  text: 'FIN-WS-042\n.\nend\n',
  id: 'abc123',
  date: Date.parse('2026-11-24T09:00:00Z'),
  urgent: false,
};

function relayAt(port: number, more: Partial<Relay> = {}): Relay {
  return {
    host: 'localhost',
    port,
    security: 'starttls',
    ca: CERTIFICATE,
    login: { user: 'backline', password: new Secret(PASSWORD) },
    from: 'backline@example.org',
    to: ['ann@example.org', 'bob@example.org'],
    ...more,
  };
}

function post(port: number, more: Partial<Relay> = {}, request: Partial<MailRequest> = {}) {
  return createMail({ soc: relayAt(port, more) })({ ...MESSAGE, ...request });
}

const TAKEN = { accepted: ['ann@example.org', 'bob@example.org'], refused: [] };

test.each<[string, boolean, Partial<Relay>]>([
  ['STARTTLS', false, {}],
  ['TLS from the first byte', true, { security: 'tls' }],
  ['a pinned certificate', false, { ca: NOBODY, pinned: new X509Certificate(CERTIFICATE).fingerprint256 }],
])('a message is taken over %s, after a login', async (_, secure, more) => {
  const server = await mailServer({ secure });
  expect(await post(server.port, more)).toEqual(TAKEN);
  expect(server.taken).toMatchObject([
    { from: 'backline@example.org', to: TAKEN.accepted, user: 'backline', isSecure: true },
  ]);
  const [head = '', body = ''] = server.taken[0]?.raw.split(/\r\n\r\n/) ?? [];
  expect(body.trimEnd()).toBe('FIN-WS-042\r\n.\r\nend');
  expect(head.split('\r\n').toSorted()).toEqual([
    'Auto-Submitted: auto-generated',
    'Content-Transfer-Encoding: 7bit',
    'Content-Type: text/plain; charset=utf-8',
    'Date: Tue, 24 Nov 2026 09:00:00 +0000',
    'From: backline@example.org',
    'MIME-Version: 1.0',
    'Message-ID: <abc123@example.org>',
    'Subject: Host isolated',
    'To: ann@example.org, bob@example.org',
  ]);
});

test('without TLS nothing is sent where TLS is wanted, and no login leaves', async () => {
  const seen: Buffer[] = [];
  const server = await mailServer({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] }, socket =>
    socket.on('data', chunk => seen.push(Buffer.from(chunk))),
  );
  await expect(post(server.port)).rejects.toMatchObject({ reason: 'auth', sent: false });
  await expect(post(server.port, { security: 'none' })).rejects.toMatchObject({ reason: 'auth', sent: false });
  expect(Buffer.concat(seen).toString()).not.toMatch(/AUTH|MAIL/);
  expect(server.taken).toEqual([]);
});

test('a relay that needs neither TLS nor a login takes it so', async () => {
  const server = await mailServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] });
  const { login: _, ...open } = relayAt(server.port, { security: 'none' });
  expect(await createMail({ soc: open })(MESSAGE)).toEqual(TAKEN);
  expect(server.taken).toMatchObject([{ isSecure: false }]);
});

test.each<[string, Partial<Relay>, string]>([
  ['is of no authority that is trusted', { ca: NOBODY }, 'the certificate is not trusted'],
  ['is not the pinned one', { pinned: 'ab'.repeat(32) }, 'the certificate is not the pinned one'],
])('a server whose certificate %s gets no login', async (_, more, message) => {
  for (const security of ['starttls', 'tls'] as const) {
    const server = await mailServer({ secure: security === 'tls', onAuth: () => expect.fail('a login came') });
    await expect(post(server.port, { ...more, security })).rejects.toMatchObject({
      reason: 'auth',
      sent: false,
      message: expect.stringContaining(message) as string,
    });
  }
});

test('a login that is refused is said so, without the password that the server repeats', async () => {
  const server = await mailServer();
  const login = { user: 'backline', password: new Secret('wrong-password') };
  await expect(post(server.port, { login })).rejects.toMatchObject({
    reason: 'auth',
    sent: false,
    message: 'the login was refused: "535 5.7.8 not with [secret]"',
  });
});

test('a recipient that is refused keeps the message from no other', async () => {
  const server = await mailServer({
    onRcptTo: ({ address }, _, done) => done(address.startsWith('bob') ? reply(550, '5.1.1 no such user') : undefined),
  });
  expect(await post(server.port)).toEqual({
    accepted: ['ann@example.org'],
    refused: [{ address: 'bob@example.org', code: 550, said: '"550 5.1.1 no such user"' }],
  });
  expect(server.taken).toMatchObject([{ to: ['ann@example.org'] }]);
});

test.each([
  [451, { refused: [{ code: 451 }, { code: 451 }] }],
  [550, { refused: [{ code: 550 }, { code: 550 }] }],
])('all recipients are refused with %i', async (code, expected) => {
  const server = await mailServer({ onRcptTo: (_, __, done) => done(reply(code, 'not now')) });
  expect(await post(server.port)).toMatchObject({ accepted: [], ...expected });
});

test.each([
  ['the sender', { onMailFrom: (_: unknown, __: unknown, done: (error: Error) => void) => done(reply(550, 'no')) }],
  [
    'the message',
    {
      onData: (stream: NodeJS.ReadableStream, _: unknown, done: (error: Error) => void) =>
        void stream.on('end', () => done(reply(554, 'no'))).resume(),
    },
  ],
])('%s is refused for good: for all recipients', async (_, options) => {
  const server = await mailServer(options);
  const code = expect.any(Number) as number;
  expect(await post(server.port)).toMatchObject({ accepted: [], refused: [{ code }, { code }] });
});

test('a message that the server says is too large is refused before it leaves', async () => {
  const server = await mailServer({ size: 100 });
  expect(await post(server.port)).toMatchObject({ accepted: [], refused: [{ code: 552 }, { code: 552 }] });
});

test('a server that answers the message with 4xx has not taken it: nothing is in doubt', async () => {
  const server = await mailServer({
    onData: (stream, _, done) => void stream.on('end', () => done(reply(452, '4.3.1 disk full'))).resume(),
  });
  await expect(post(server.port)).rejects.toMatchObject({
    reason: 'unavailable',
    sent: false,
    message: 'the server is in trouble: "452 4.3.1 disk full"',
  });
});

test('a connection that breaks before the message was asked for has sent nothing, after that it may have', async () => {
  const before = await mailServer({ onRcptTo: () => before.cut() });
  await expect(post(before.port)).rejects.toMatchObject({ reason: 'unreachable', sent: false });
  const after = await mailServer({ onData: stream => void stream.on('end', after.cut).resume() });
  await expect(post(after.port)).rejects.toMatchObject({ reason: 'unreachable', sent: true });
});

test('a server that is silent ends by the clock, and one that talks nonsense at once', async () => {
  const silent = await mailServer({ onData: stream => void stream.resume() });
  await expect(post(silent.port, {}, { timeout: 500 })).rejects.toMatchObject({ reason: 'timeout', sent: true });
  const mute = await mailServer({ onConnect: () => undefined });
  await expect(post(mute.port, {}, { timeout: 300 })).rejects.toMatchObject({ reason: 'timeout', sent: false });
  const web = createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  onTestFinished(() => void web.close());
  await expect(post((web.address() as AddressInfo).port)).rejects.toMatchObject({
    reason: 'malformed-answer',
    sent: false,
  });
});

test('nobody is there', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  await expect(post(port)).rejects.toMatchObject({ reason: 'unreachable', sent: false });
});

test('an end before the beginning sends nothing, and one during it ends it', async () => {
  const stop = new AbortController();
  const server = await mailServer({ onRcptTo: () => stop.abort(new Error('stopped late')) });
  await expect(post(server.port, {}, { signal: AbortSignal.abort(new Error('stopped early')) })).rejects.toThrow(
    'stopped early',
  );
  await expect(post(server.port, {}, { signal: stop.signal })).rejects.toThrow('stopped late');
  expect(server.taken).toEqual([]);
});
