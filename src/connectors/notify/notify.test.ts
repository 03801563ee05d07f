import { afterEach, expect, test } from 'vitest';
import type { Connected } from '../../../test/conformance/connection.ts';
import { connect } from '../../../test/conformance/connection.ts';
import { Secret } from '../../base/secret.ts';
import { connector } from './manifest.ts';

const open: Connected[] = [];
afterEach(async () => {
  for (const connection of open.splice(0)) await connection.close();
});

interface Received {
  readonly path: string;
  readonly key: string | null;
  readonly authorization: string | null;
  readonly body: unknown;
}

/** A receiver of webhooks with the channels `soc`, `lead` and `quiet`. */
async function setUp(fallback?: string) {
  const received: Received[] = [];
  const connection = await connect(
    connector,
    async request => {
      const { pathname, search } = new URL(request.url);
      const { headers } = request;
      received.push({
        path: pathname + search,
        key: headers.get('idempotency-key'),
        authorization: headers.get('authorization'),
        body: await request.json(),
      });
      return new Response(null, { status: 202 });
    },
    {
      settings: url => ({
        channels: {
          soc: { webhook: `${url}/soc?sig=a%2Fb`, secret: new Secret('webhook-secret') },
          lead: { webhook: `${url}/lead` },
          quiet: { log: true },
        },
        ...(fallback === undefined ? {} : { default: fallback }),
      }),
    },
  );
  open.push(connection);
  return { received, connection };
}

test('a message goes to the webhook of its recipient, with the key of its command', async () => {
  const { received, connection } = await setUp();
  const answer = await connection.perform('send', { to: 'soc', subject: 'Host isolated', body: 'FIN-WS-042' });
  expect(answer).toEqual({ kind: 'done', output: { channels: ['soc'] } });
  expect(received).toEqual([
    {
      path: '/soc?sig=a%2Fb',
      key: 'run-1/step',
      authorization: 'Bearer webhook-secret',
      body: { to: ['soc'], subject: 'Host isolated', body: 'FIN-WS-042', key: 'run-1/step' },
    },
  ]);
});

test('recipients that share a channel get one message', async () => {
  const { received, connection } = await setUp('lead');
  await connection.perform('page', { to: ['soc', 'ann@example.org', 'bob@example.org'], subject: 'Now' });
  expect(received.map(({ path, body }) => [path, body])).toEqual([
    ['/soc?sig=a%2Fb', { to: ['soc'], subject: 'Now', urgent: true, key: 'run-1/step' }],
    ['/lead', { to: ['ann@example.org', 'bob@example.org'], subject: 'Now', urgent: true, key: 'run-1/step' }],
  ]);
});

test('the log is a channel', async () => {
  const { received, connection } = await setUp();
  await connection.perform('send', { to: 'quiet', subject: 'Seen' });
  expect(received).toEqual([]);
  expect(connection.said()).toContain("sentence: 'notification'");
  expect(connection.said()).toContain("subject: 'Seen'");
});

test('a recipient without a channel stops the message before any of it is sent', async () => {
  const { received, connection } = await setUp();
  expect(await connection.perform('send', { to: ['soc', 'sok'], subject: 'x' })).toEqual({
    kind: 'failed',
    reason: 'rejected',
    detail: 'no channel "sok" and no default one; known: soc, lead, quiet; did you mean "soc"?',
  });
  expect(received).toEqual([]);
});

test.each([[[]], [''], [7], [['soc', '']]])('%j is no recipient', async to => {
  const { connection } = await setUp('lead');
  expect(await connection.perform('send', { to, subject: 'x' })).toMatchObject({
    kind: 'failed',
    reason: 'invalid-input',
  });
});

test.each([
  [{ channels: { soc: {} } }, 'channels.soc: must be { log: true }, { webhook: URL }'],
  [{ channels: { soc: { log: true, webhook: 'https://a' } } }, 'channels.soc: must be'],
  [{ channels: { soc: { webhook: 'mailto:a' } } }, 'channels.soc: webhook must be an http(s) URL'],
  [{ channels: { soc: { url: 'https://a' } } }, 'channels.soc: unknown key "url"; known: log, webhook, secret, slack'],
  [{ channels: { soc: { webhook: 'https://a', secret: {} } } }, 'channels.soc: secret must be a reference'],
  [{ channels: { soc: { slack: 'https://a', secret: 'x' } } }, '"secret" does not belong to slack'],
  [{ channels: { soc: { syslog: 'http://a:514' } } }, 'channels.soc: syslog must be tls://host:port'],
  [{ channels: { soc: { syslog: 'tls://a:0' } } }, 'channels.soc: syslog must be tls://host:port'],
  [{ channels: { soc: { syslog: 'tls://a:6514', host: 'a b' } } }, 'host must be a name'],
  [{ channels: { soc: { syslog: 'tls://a:6514', facility: 'kern' } } }, 'facility must be local0 to local7'],
  [{ channels: { soc: { log: true } }, default: 'sock' }, 'default: there is no channel "sock"; known: soc'],
])('the settings %j are refused', (settings, message) => {
  expect(() => connector.endpoints(settings)).toThrow(message);
});

test('a plan names the recipients and the subject', () => {
  const action = connector.actions.find(({ name }) => name === 'send');
  expect(action?.plan?.({ to: ['soc', 'lead'], subject: 'Done' }, undefined)).toEqual({
    change: 'message to soc, lead: "Done"',
  });
});
