import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../../test/conformance/connection.ts';
import type { JsonObject } from '../../base/json.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';
import { slackBody } from './slack.ts';
import { syslogLine } from './syslog.ts';

async function slack(answer: () => Response) {
  const bodies: unknown[] = [];
  const connection = await connect(
    connector,
    async request => {
      bodies.push([new URL(request.url).pathname, await request.json()]);
      return answer();
    },
    {
      settings: url => ({
        channels: { chat: { slack: new Secret(`${url}/services/T0/B0/very-secret`) } },
        default: 'chat',
      }),
    },
  );
  onTestFinished(() => connection.close());
  return { bodies, connection };
}

test('a chat message is text, in which nobody is mentioned and nothing is fetched', async () => {
  const { bodies, connection } = await slack(() => new Response('ok'));
  const input = {
    to: 'ann',
    subject: '<!channel> FIN-WS-042 & <https://evil.example|click>',
    body: '@here @soc, ask ann@example.org',
  };
  expect(await connection.perform('send', input)).toMatchObject({ kind: 'done' });
  expect(bodies).toEqual([
    [
      '/services/T0/B0/very-secret',
      {
        text: '&lt;!channel&gt; FIN-WS-042 &amp; &lt;https://evil.example|click&gt;\n@\u2060here @\u2060soc, ask ann@example.org',
        mrkdwn: false,
        unfurl_links: false,
        unfurl_media: false,
      },
    ],
  ]);
  expect(connection.said()).not.toContain('very-secret');
});

test.each<[string, () => Response, JsonObject]>([
  [
    '429 with a time',
    () => new Response('', { status: 429, headers: { 'retry-after': '7' } }),
    { kind: 'retry', reason: 'rate-limited', after: 7_000 },
  ],
  ['a word in a 200', () => new Response('invalid_payload'), { kind: 'unconfirmed' }],
  ['ok: false in a 200', () => Response.json({ ok: false, error: 'channel_is_archived' }), { kind: 'unconfirmed' }],
  ['a page in a 200', () => new Response('<html>'), { kind: 'retry', reason: 'malformed-answer', inDoubt: true }],
  ['404', () => new Response('no_service', { status: 404 }), { kind: 'failed', reason: 'rejected' }],
  ['success: true', () => Response.json({ success: true }), { kind: 'done' }],
])('%s', async (_, answer, expected) => {
  const { connection } = await slack(answer);
  expect(await connection.perform('send', { to: 'ann', subject: 'x' })).toMatchObject(expected);
});

test('a chat message that is too long is cut', () => {
  expect(String(slackBody({ subject: 'x', body: 'y'.repeat(50_000) })['text']).length).toBeLessThan(12_100);
});

const FROM = { facility: 16, host: 'backline', transport: 'tls', now: Date.parse('2026-11-24T09:00:00Z') } as const;
const SENT = { subject: 'Host isolated', to: ['soc'], key: 'run-1/step', urgent: false } as const;

test('a line is what RFC 5424 says, one line whatever the text is, and cut where it is too long', () => {
  expect(syslogLine(SENT, FROM)).toBe(
    '<133>1 2026-11-24T09:00:00.000Z backline backline - message - to=soc key=run-1/step Host isolated',
  );
  const hostile = { ...SENT, urgent: true, subject: 'a\n<0>1 - - - - - - forged\u0000', body: 'Nürnberg\u2028x' };
  expect(syslogLine(hostile, FROM)).toBe(
    '<130>1 2026-11-24T09:00:00.000Z backline backline - page - \uFEFFto=soc key=run-1/step a\\u000a<0>1 - - - - - - forged\\u0000: Nürnberg\\u2028x',
  );
  for (const [transport, most] of [
    ['udp', 2_048],
    ['tls', 8_192],
  ] as const) {
    const line = syslogLine({ ...SENT, body: 'ü'.repeat(9_000) }, { ...FROM, transport });
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(most);
    expect(line).not.toContain('\uFFFD');
  }
});

const tls = (name: string): string =>
  readFileSync(new URL(`../../../test/fixtures/tls/${name}`, import.meta.url), 'utf8');

async function sent(syslog: string): Promise<void> {
  const connection = await connect(connector, () => new Response(), {
    settings: () => ({ channels: { siem: { syslog } } }),
    trust: { ca: tls('certificate.pem') },
  });
  onTestFinished(() => connection.close());
  expect(await connection.perform('page', { to: 'siem', subject: 'Host isolated' })).toEqual({
    kind: 'done',
    output: { channels: ['siem'] },
  });
}

const LINE = '<130>1 2026-11-24T09:00:00.000Z backline backline - page - to=siem key=run-1/step Host isolated';

test('a line goes out over UDP, TCP and TLS, framed as each wants it', async () => {
  const udp = createSocket('udp4');
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  onTestFinished(() => void udp.close());
  const packet = once(udp, 'message') as Promise<[Buffer]>;
  await sent(`udp://127.0.0.1:${udp.address().port}`);
  expect((await packet)[0].toString()).toBe(LINE);

  const pair = { cert: tls('certificate.pem'), key: tls('key.pem') };
  for (const [scheme, server, expected] of [
    ['tcp', createServer(), `${LINE}\n`],
    ['tls', createTlsServer(pair), `${Buffer.byteLength(LINE)} ${LINE}`],
  ] as const) {
    const heard = new Promise<string>(resolve =>
      server.on(scheme === 'tls' ? 'secureConnection' : 'connection', (socket: Socket) => resolve(text(socket))),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    await sent(`${scheme}://localhost:${(server.address() as AddressInfo).port}`);
    expect(await heard).toBe(expected);
  }
});

test('a collector that is not there was sent nothing, so the message is not in doubt', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  const connection = await connect(connector, () => new Response(), {
    settings: () => ({ channels: { siem: { syslog: `tcp://127.0.0.1:${port}` } } }),
  });
  onTestFinished(() => connection.close());
  const answer = await connection.perform('send', { to: 'siem', subject: 'x' });
  expect(answer).toMatchObject({ kind: 'retry', reason: 'unreachable' });
  expect(answer).not.toHaveProperty('inDoubt');
});

test('the circuit that a message waits at is that of its own channel', () => {
  const settings = { channels: { chat: { slack: 'https://a.example/x' }, quiet: { log: true } }, default: 'chat' };
  const [send] = connector.actions;
  expect(send?.through?.({ to: ['quiet', 'ann'], subject: 'x' }, settings)).toEqual(['chat']);
  expect(send?.through?.({ to: 'quiet', subject: 'x' }, settings)).toEqual([]);
});
