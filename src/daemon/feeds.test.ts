import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { catalogueOf } from '../action/connector.ts';
import { formatDiagnosticLine } from '../base/diagnostic.ts';
import type { Log } from '../base/service.ts';
import { Secret } from '../base/secret.ts';
import { silentLog } from '../base/service.ts';
import { startOf } from '../base/span.ts';
import type { Guardrails } from '../engine/guardrails.ts';
import { NO_GUARDRAILS } from '../engine/guardrails.ts';
import { realClock } from './clock.ts';
import type { LoadedConfig } from './config.ts';
import { loadConfig } from './config.ts';
import { startFeeds } from './feeds.ts';
import { createHttp } from './http.ts';
import { StartTrouble } from './start-trouble.ts';

const FEEDS = `
feeds:
  listen: 127.0.0.1:0
  token: "\${env:FEEDS_TOKEN}"
  readers: { from: [127.0.0.0/8], user: srx, password: "\${env:SRX_PASSWORD}" }
  protected: [10.0.0.0/24]
  lists: { blocked: { kind: ip, most: 5 }, bad-names: { kind: domain } }
`;
const variables = { FEEDS_TOKEN: 'of-whoever-changes-feeds', SRX_PASSWORD: 'of-the-firewall' };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backline-feeds-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function load(text: string): LoadedConfig {
  const world = { variables, flags: [], catalogue: catalogueOf([]), readFile: () => expect.fail('no file is read') };
  return loadConfig({ file: 'backline.yaml', text, folder }, world);
}

describe('the configuration', () => {
  test('says what is served to whom, and shows no secret', () => {
    const { config, diagnostics } = load(FEEDS);
    expect(diagnostics).toEqual([]);
    expect(config?.feeds).toMatchObject({
      listen: { host: '127.0.0.1', port: 0 },
      readers: { from: [{ family: 4, length: 8 }], basic: { user: 'srx' } },
      protected: [{ family: 4, length: 24 }],
      lists: [
        { name: 'blocked', kind: 'ip', most: 5 },
        { name: 'bad-names', kind: 'domain', most: 10_000 },
      ],
    });
    expect(config?.feeds?.token.reveal()).toBe(variables.FEEDS_TOKEN);
    const shown = JSON.stringify(config?.leaves);
    for (const secret of Object.values(variables)) expect(shown).not.toContain(secret);
  });

  test.each([
    [
      'protected: [10.0.0.0/24]',
      'protected: [10.0.0.0/33]',
      '"10.0.0.0/33" is no address and no network [bad-address]',
    ],
    ['user: srx, ', '', '`user` and `password` belong together [bad-settings]'],
    [
      'token: "${env:FEEDS_TOKEN}"',
      'token: written-out',
      '"token" is a secret, and secrets do not stand in files [literal-secret]',
    ],
    ['kind: domain', 'kind: domains', '[bad-value]'],
    ['bad-names:', 'Bad_Names:', '[bad-id]'],
    ['lists:', 'list:', '[unknown-key]'],
  ])('with %s as %s is refused', (right, wrong, message) => {
    const { config, diagnostics } = load(FEEDS.replace(right, wrong));
    expect(config).toBeUndefined();
    const lines = diagnostics.map(formatDiagnosticLine);
    expect(lines.join('\n')).toContain(message);
    expect(lines.join('\n')).not.toContain('written-out');
  });
});

async function serving(guardrails: () => Guardrails = () => NO_GUARDRAILS, log: Log = silentLog) {
  const { config } = load(FEEDS);
  if (config === undefined) throw new Error('the configuration has errors');
  const server = await startFeeds({ config, guardrails, clock: realClock, log });
  if (server === undefined) throw new Error('nothing is served');
  const url = `http://127.0.0.1:${server.port}`;
  const basic = Buffer.from(`srx:${variables.SRX_PASSWORD}`).toString('base64');
  return {
    close: () => server.close(),
    read: (path: string, init: RequestInit = {}) =>
      fetch(url + path, { ...init, headers: { authorization: `Basic ${basic}` } }),
    put: (value: string) =>
      fetch(`${url}/api/feeds/blocked/entry?value=${encodeURIComponent(value)}`, {
        method: 'PUT',
        body: '{}',
        headers: { authorization: `Bearer ${variables.FEEDS_TOKEN}` },
      }),
    anonymous: (path: string) => fetch(url + path),
  };
}

test('lists are served over a port of their own, and are there after a restart', async () => {
  const first = await serving();
  expect((await first.put('203.0.113.9')).status).toBe(200);
  await first.close();
  const second = await serving();
  const answer = await second.read('/blocked.txt');
  expect(await answer.text()).toBe('203.0.113.9\n');
  const head = await second.read('/blocked.txt', { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), head.headers.get('etag')]).toEqual([
    200,
    '12',
    answer.headers.get('etag'),
  ]);
  expect((await second.anonymous('/blocked.txt')).status).toBe(401);
  await second.close();
});

test('lists are served over TLS where a certificate is named', async () => {
  const tls = (file: string): string => fileURLToPath(new URL(`../../test/fixtures/tls/${file}`, import.meta.url));
  const { config } = load(`${FEEDS}  tls: { cert: ${tls('certificate.pem')}, key: ${tls('key.pem')} }\n`);
  if (config === undefined) throw new Error('the configuration has errors');
  const server = await startFeeds({ config, guardrails: () => NO_GUARDRAILS, clock: realClock, log: silentLog });
  const http = createHttp({
    default: {
      url: `https://127.0.0.1:${server?.port}`,
      ca: readFileSync(tls('certificate.pem'), 'utf8'),
      headers: {
        authorization: new Secret(`Basic ${Buffer.from(`srx:${variables.SRX_PASSWORD}`).toString('base64')}`),
      },
    },
  });
  expect(await http({ method: 'GET', path: ['blocked.txt'] })).toMatchObject({ status: 200, text: '' });
  await http.close();
  await server?.close();
});

test('a certificate that cannot be read is trouble at the start', async () => {
  const { config } = load(`${FEEDS}  tls: { cert: none.pem, key: none.pem }\n`);
  if (config === undefined) throw new Error('the configuration has errors');
  const start = startFeeds({ config, guardrails: () => NO_GUARDRAILS, clock: realClock, log: silentLog });
  await expect(start).rejects.toBeInstanceOf(StartTrouble);
});

test('what the configuration or the guardrails protect is never listed, also when they come later', async () => {
  let guardrails = NO_GUARDRAILS;
  const { put, read, close } = await serving(() => guardrails);
  expect((await put('10.0.0.7')).status).toBe(422);
  expect((await put('192.168.1.1')).status).toBe(200);
  const rule = { name: 'gateway', span: startOf('guardrails.yaml'), values: { ip: ['192.168.1.0/24'] } };
  guardrails = { ...NO_GUARDRAILS, protected: [rule] };
  expect(await (await read('/blocked.txt')).text()).toBe('');
  expect((await put('192.168.1.2')).status).toBe(422);
  guardrails = { ...NO_GUARDRAILS, protected: [{ ...rule, actions: ['carbonblack.*'] }] };
  expect(await (await read('/blocked.txt')).text()).toBe('192.168.1.1\n');
  await close();
});

test('a disk that takes nothing is an error to whoever changes, and nothing is served that is not kept', async () => {
  const said: string[] = [];
  const { put, read, close } = await serving(undefined, {
    ...silentLog,
    error: (_, sentence) => void said.push(sentence),
  });
  rmSync(join(folder, '.backline', 'feeds'), { recursive: true });
  expect((await put('203.0.113.9')).status).toBe(500);
  expect(said).toEqual(['a request for a feed failed']);
  expect(await (await read('/blocked.txt')).text()).toBe('');
  await close();
});
