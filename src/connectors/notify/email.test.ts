import type { SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../test/conformance/connection.ts';
import { CERTIFICATE, PASSWORD, mailServer, reply } from '../../../test/kit/mail-server.ts';
import { Secret } from '../../base/secret.ts';
import { mailOf } from './email.ts';
import { connector } from './manifest.ts';

const ADDRESSES = ['ann@example.org', 'bob@example.org'];

async function setUp(options: SMTPServerOptions = {}, hook: () => Response = () => new Response(null)) {
  const server = await mailServer(options);
  const heard: unknown[] = [];
  const channel = (to: readonly string[]) => ({
    smtp: `smtp://localhost:${server.port}`,
    from: 'backline@example.org',
    to,
    user: 'backline',
    password: new Secret(PASSWORD),
  });
  const answer = async (request: Request): Promise<Response> => {
    heard.push(await request.json());
    return hook();
  };
  const connection = await connect(connector, answer, {
    settings: url => ({
      channels: { soc: channel(ADDRESSES), lead: channel(['eve@example.org']), chat: { webhook: url } },
      default: 'soc',
    }),
    trust: { ca: CERTIFICATE },
  });
  onTestFinished(async () => {
    await connection.close();
    expect(connection.said()).not.toContain(PASSWORD);
  });
  return { server, connection, heard };
}

const INPUT = { to: ['ann', 'bob'], subject: 'Host isolated', body: 'FIN-WS-042' };

test('a message is plain text from and to whom the channel says, and a page is urgent', async () => {
  const { server, connection } = await setUp();
  expect(await connection.perform('page', INPUT)).toEqual({ kind: 'done', output: { channels: ['soc'] } });
  expect(server.taken).toMatchObject([{ from: 'backline@example.org', to: ADDRESSES, isSecure: true }]);
  const raw = server.taken[0]?.raw ?? '';
  expect(raw).toMatch(/^Importance: high\r$/m);
  expect(raw).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
  expect(raw.slice(raw.indexOf('\r\n\r\n'))).toBe(
    '\r\n\r\nFIN-WS-042\r\n\r\n-- \r\nto: ann, bob\r\nkey: run-1/step\r\n',
  );
});

test('every attempt has the same Message-ID, and every channel its own', async () => {
  const { server, connection } = await setUp();
  await connection.perform('send', { ...INPUT, to: ['soc', 'lead'] });
  await connection.perform('send', { ...INPUT, to: ['soc', 'lead'] });
  const ids = server.taken.map(({ raw }) => /^Message-ID: <[0-9a-f]{40}@example\.org>\r$/m.exec(raw)?.[0]);
  expect(ids[0]).toBeDefined();
  expect(ids).toEqual([ids[0], ids[1], ids[0], ids[1]]);
  expect(ids[0]).not.toBe(ids[1]);
});

test('no text makes a header, an encoded word, a recipient or the end of the message', async () => {
  const { server, connection } = await setUp();
  await connection.perform('send', {
    to: 'x@evil.example\r\nBcc: y@evil.example',
    subject: 'a\r\nBcc: evil@evil.example\u2028=?utf-8?q?=0D=0Ab?= Nürnberg',
    body: 'b\r\n.\r\nMAIL FROM:<x@evil.example>\r\n\u0000\u001b[2J<b>',
  });
  expect(server.taken).toMatchObject([{ from: 'backline@example.org', to: ADDRESSES }]);
  const raw = server.taken[0]?.raw ?? '';
  const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
  expect(head).not.toMatch(/^bcc/im);
  const subject = (/^Subject: ((?:.*\r\n[ \t])*.*)\r$/m.exec(head)?.[1] ?? '').replaceAll(
    /=\?UTF-8\?Q\?(.*?)\?=(?:\s+(?==\?))?/gi,
    (_, word: string) => word.replaceAll('_', ' '),
  );
  const bytes = subject.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  expect(Buffer.from(bytes, 'latin1').toString()).toBe(
    'a\\u000d\\u000aBcc: evil@evil.example\\u2028=\u2060?utf-8?q?=0D=0Ab?= Nürnberg',
  );
  expect(raw).toContain('\\u0000\\u001b[2J<b>');
  expect(raw).not.toContain('\u001b');
});

test('what is too long is cut', () => {
  const { subject, text: body } = mailOf(
    { relay: 'soc', to: ['ann'], subject: 'x'.repeat(9_000), body: 'y'.repeat(90_000) },
    'k',
  );
  expect(subject).toHaveLength(251);
  expect(body.length).toBeLessThan(64_100);
});

test('a recipient that is refused makes it fail, and says who has it all the same', async () => {
  const { connection } = await setUp({
    onRcptTo: ({ address }, _, done) => done(address.startsWith('bob') ? reply(550, 'no such user') : undefined),
  });
  expect(await connection.perform('send', INPUT)).toEqual({
    kind: 'failed',
    reason: 'rejected',
    detail:
      'channel soc: bob@example.org was refused: "550 no such user"; not sent again, since it was taken for ann@example.org',
  });
});

test.each([
  [550, 'failed', 'rejected'],
  [451, 'retry', 'unavailable'],
])('where all are refused with %i it is %s', async (code, kind, reason) => {
  const { connection } = await setUp({ onRcptTo: (_, __, done) => done(reply(code, 'no')) });
  const answer = await connection.perform('send', INPUT);
  expect(answer).toMatchObject({ kind, reason });
  expect(answer).not.toHaveProperty('inDoubt');
});

test('a server in trouble is asked again; nothing is in doubt', async () => {
  const { connection } = await setUp({ onMailFrom: (_, __, done) => done(reply(421, 'shutting down')) });
  const answer = await connection.perform('send', INPUT);
  expect(answer).toMatchObject({ kind: 'retry', reason: 'unavailable' });
  expect(answer).not.toHaveProperty('inDoubt');
});

test('a lost answer leaves the message unconfirmed, and no attempt sends it again (E6)', async () => {
  const { server, connection } = await setUp({ onData: stream => void stream.on('end', () => server.cut()).resume() });
  expect(await connection.perform('send', INPUT)).toMatchObject({
    kind: 'unconfirmed',
    detail: expect.stringMatching(
      /^channel soc: the connection broke \(\w+\); it may have been taken, and is not sent again; Message-ID [0-9a-f]{40}$/,
    ) as string,
  });
});

test('e-mail goes last: what fails before it is tried again without it', async () => {
  const { server, connection, heard } = await setUp({}, () => new Response('', { status: 503 }));
  expect(await connection.perform('send', { ...INPUT, to: ['soc', 'chat'] })).toMatchObject({ kind: 'retry' });
  expect({ heard: heard.length, taken: server.taken }).toEqual({ heard: 1, taken: [] });
});

test('what one server took is not sent to it again because of the next one', async () => {
  const { server, connection } = await setUp({
    onRcptTo: ({ address }, _, done) => done(address.startsWith('eve') ? reply(451, 'later') : undefined),
  });
  expect(await connection.perform('send', { ...INPUT, to: ['soc', 'lead'] })).toEqual({
    kind: 'failed',
    reason: 'unavailable',
    detail: 'channel lead: eve@example.org was refused: "451 later"; not tried again, since channel soc took it',
  });
  expect(server.taken).toHaveLength(1);
});

const GOOD = { smtp: 'smtp://mail.example.org', from: 'a@example.org', to: 'b@example.org' };

test.each<[object, string]>([
  [{ smtp: 'mail.example.org' }, 'smtp must be smtp://host:port or smtps://host:port'],
  [{ smtp: 'smtp://mail.example.org:0' }, 'smtp must be'],
  [{ smtp: 'smtp://user:pass@mail.example.org' }, 'smtp must be'],
  [{ from: 'a' }, 'from must be an e-mail address'],
  [{ from: 'a@example.org>\r\nx' }, 'from must be'],
  [{ to: [] }, 'to must be an e-mail address or a list'],
  [{ to: ['b@example.org', 'Bob <b@example.org>'] }, 'to must be'],
  [{ to: Array.from({ length: 51 }, (_, index) => `b${index}@example.org`) }, 'up to 50'],
  [{ user: 'x' }, 'user and password belong together'],
  [{ user: 'x', password: 'y', starttls: false }, 'starttls: false sends no password'],
  [{ smtp: 'smtps://mail.example.org', starttls: false }, 'starttls does not belong to smtps'],
  [{ secret: 'x' }, '"secret" does not belong to smtp'],
])('settings are refused: %#', (given, message) => {
  expect(() => connector.relays({ channels: { soc: { ...GOOD, ...given } } })).toThrow(message);
});

test('the port is that of submission, where none is given', () => {
  const relay = (smtp: string): unknown => connector.relays({ channels: { soc: { ...GOOD, smtp } } })['soc'];
  expect(relay('smtp://mail.example.org')).toMatchObject({ port: 587, security: 'starttls' });
  expect(relay('smtps://[::1]')).toMatchObject({ host: '::1', port: 465, security: 'tls' });
});
