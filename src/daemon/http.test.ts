import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import type { Endpoint, HttpRequest } from '../base/http.ts';
import { HttpTrouble } from '../base/http.ts';
import { Secret } from '../base/secret.ts';
import type { ClosableHttp } from './http.ts';
import { BODY_LIMIT, createHttp } from './http.ts';

const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

const GET: HttpRequest = { method: 'GET', path: ['a'] };
const POST: HttpRequest = { method: 'POST', path: ['a'], body: { json: { b: 1 } } };

test('a request arrives as it was meant', async () => {
  const seen: { url?: string; method?: string; type?: string; body?: string }[] = [];
  const http = await answering(
    withBody((body, request, response) => {
      seen.push({ ...pick(request), body });
      response.end('{"ok":true}');
    }),
    '/base/',
  );
  const answer = await http({
    method: 'PATCH',
    path: ['a b', 'c/d', 7],
    query: { q: 'x:"y" OR z', rows: 100, id: ['1', '2'] },
    body: { json: { ip: ['10.0.0.1'] } },
  });
  expect(answer).toMatchObject({ status: 200, text: '{"ok":true}', json: { ok: true } });
  expect(seen).toEqual([
    {
      method: 'PATCH',
      url: '/base/a%20b/c%2Fd/7?q=x%3A%22y%22+OR+z&rows=100&id=1&id=2',
      type: 'application/json',
      body: '{"ip":["10.0.0.1"]}',
    },
  ]);
});

test('files go as parts of a form, and a name from outside ends no header', async () => {
  const seen: (string | File)[] = [];
  const http = await answering((request, response) => {
    const { headers, url = '' } = request;
    const arrived = new Response(Readable.toWeb(request) as ReadableStream, {
      headers: { 'content-type': headers['content-type'] ?? '' },
    });
    void arrived.formData().then(form => {
      seen.push(url, ...form.values());
      response.end('{}');
    });
  });
  const bytes = Buffer.from([0x4d, 0x5a, 0, 0xff, 13, 10, 45, 45]);
  const file = { name: 'file', file: 'a"b\r\nX-Evil: 1.exe', bytes };
  await http({ method: 'POST', path: ['up'], body: { parts: [file, { name: 'meta', text: '{"ü":1}' }] } });
  const [url, uploaded, meta] = seen;
  expect([url, meta]).toEqual(['/up', '{"ü":1}']);
  if (!(uploaded instanceof File)) throw new Error('no file arrived');
  expect(uploaded.name).toBe('a"b\r\nX-Evil: 1.exe');
  expect(Buffer.from(await uploaded.arrayBuffer())).toEqual(bytes);
});

test('a download is bytes as they are, also when they are sent compressed', async () => {
  const bytes = Buffer.alloc(1_000, '\0\u00ff\u0080', 'latin1');
  const plain = await answering((_, response) => response.end(bytes));
  const packed = await answering((_, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(bytes));
  });
  for (const http of [plain, packed]) {
    const answer = await http({ ...GET, download: { most: 1_000 } });
    expect(answer).toMatchObject({ status: 200, text: '', json: undefined });
    expect(answer.bytes).toEqual(bytes);
  }
  await expect(plain({ ...GET, download: { most: 999 } })).rejects.toMatchObject({ reason: 'malformed-answer' });
  await expect(packed({ ...GET, download: { most: 999 } })).rejects.toMatchObject({ reason: 'malformed-answer' });
});

test('a download that is refused says why, in words', async () => {
  const http = await answering((_, response) => response.writeHead(404).end('not stored'));
  expect(await http({ ...GET, download: { most: 1 } })).toEqual({
    status: 404,
    headers: expect.anything() as unknown,
    text: 'not stored',
    json: undefined,
  });
});

test('a DELETE carries its body, a form is encoded, an empty answer has no JSON', async () => {
  const seen: string[] = [];
  const http = await answering(
    withBody((body, { method, headers }, response) => {
      seen.push(`${method} ${headers['content-type']} ${body}`);
      response.writeHead(204).end();
    }),
  );
  expect(await http({ method: 'DELETE', path: ['x'], body: { json: { ip: ['::1'] } } })).toMatchObject({
    status: 204,
    text: '',
  });
  expect((await http({ method: 'POST', path: ['x'], body: { form: { a: '1&2' } } })).json).toBeUndefined();
  expect(seen).toEqual(['DELETE application/json {"ip":["::1"]}', 'POST application/x-www-form-urlencoded a=1%262']);
});

test.each(['', '.', '..', '\ud800'])('the path segment %j is refused and nothing is sent', async segment => {
  const http = await unreachable();
  await expect(http({ method: 'GET', path: ['a', segment] })).rejects.toThrow('cannot be a part of a path');
});

test('a header with a line break is refused without showing its value', async () => {
  const http = track(
    createHttp({ default: { url: 'http://127.0.0.1:1', headers: { 'X-Auth-Token': new Secret('a\r\nb') } } }),
  );
  await expect(http(GET)).rejects.toThrow(/^header "X-Auth-Token" must not hold line breaks$/);
});

test('a secret goes out in its header and does not come back in an answer that repeats it (E10)', async () => {
  const repeat: RequestListener = ({ headers }, response) => {
    const token = String(headers.authorization?.slice('Bearer '.length));
    response.setHeader('location', `/login?token=${token}`).end(`bad token ${token}`);
  };
  const http = await answering(repeat, '', { headers: { authorization: new Secret('Bearer s3cr3t-t0k3n') } });
  expect(await http(GET)).toMatchObject({ text: 'bad token [secret]', headers: { location: '/login?token=[secret]' } });
});

test('a redirect is an answer', async () => {
  const http = await answering((_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end());
  expect(await http(GET)).toMatchObject({ status: 302, headers: { location: 'http://169.254.169.254/' } });
});

test('gzip is unpacked, and not JSON is no error', async () => {
  const http = await answering((_, response) => response.setHeader('content-encoding', 'gzip').end(gzipSync('<html>')));
  expect(await http(GET)).toMatchObject({ text: '<html>', json: undefined });
});

test.each([
  ['a large body', (): Buffer => Buffer.alloc(BODY_LIMIT + 1, 'x'), 'identity'],
  ['a small body that unpacks to a large one', () => gzipSync(Buffer.alloc(BODY_LIMIT + 1)), 'gzip'],
  ['a body that claims to be gzip', () => Buffer.from('no'), 'gzip'],
  ['an encoding that was not asked for', () => Buffer.from('no'), 'br'],
])('%s is a malformed answer', async (_, body, encoding) => {
  const http = await answering((_request, response) => response.setHeader('content-encoding', encoding).end(body()));
  expect(await troubleWith(http(POST))).toMatchObject({ reason: 'malformed-answer', sent: true });
});

test('what is not HTTP is a malformed answer', async () => {
  const http = await raw(socket => socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n\r\n')));
  expect(await troubleWith(http(GET))).toMatchObject({ reason: 'malformed-answer', sent: true });
});

test('where nobody listens nothing was sent', async () => {
  const http = await unreachable();
  expect(await troubleWith(http(POST))).toMatchObject({ reason: 'unreachable', sent: false });
});

test('where the name does not resolve nothing was sent', async () => {
  const http = track(createHttp({ default: { url: 'http://backline.invalid' } }));
  expect(await troubleWith(http(POST))).toMatchObject({ reason: 'unreachable', sent: false });
});

test.each([
  ['before the answer', ''],
  ['in its headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
  ['in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'],
  ['in its last body', 'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n1\r\nh\r\n'],
])('a connection that is cut %s leaves a write in doubt', async (_, written) => {
  const http = await raw(socket => socket.once('data', () => socket.end(written)));
  expect(await troubleWith(http(POST))).toMatchObject({ reason: 'unreachable', sent: true });
});

test('a server that never answers is a timeout, and the request may have arrived', async () => {
  const http = await answering(() => {});
  expect(await troubleWith(http({ ...POST, timeout: 300 }))).toMatchObject({ reason: 'timeout', sent: true });
});

test('a server that stops in the middle of a body is a timeout', async () => {
  const http = await answering((_, response) => response.write('half'));
  expect(await troubleWith(http({ ...GET, timeout: 300 }))).toMatchObject({ reason: 'timeout', sent: true });
});

test("an abort rejects with the signal's own reason, at once", async () => {
  const stop = new AbortController();
  const http = await answering(() => stop.abort(new Error('cancelled by bob')));
  await expect(http({ ...POST, signal: stop.signal })).rejects.toThrow('cancelled by bob');
  await expect(http({ ...POST, signal: stop.signal })).rejects.toThrow('cancelled by bob');
});

test('an endpoint without a path is asked for its root', async () => {
  let asked: string | undefined;
  const http = await answering((request, response) => {
    asked = request.url;
    response.end();
  });
  expect((await http({ method: 'GET', path: [], query: { a: 1 } })).status).toBe(200);
  expect(asked).toBe('/?a=1');
});

test('nothing is repeated behind our back', async () => {
  let requests = 0;
  const http = await answering((request, response) => {
    requests++;
    if (requests === 2) request.socket.destroy();
    else response.end();
  });
  await http(GET);
  await troubleWith(http(GET));
  expect(requests).toBe(2);
});

test('a write goes over no connection that has been idle, so that none can leave it in doubt', async () => {
  const ports: (number | undefined)[] = [];
  const closed = Promise.withResolvers<void>();
  const http = await answering((request, response) => {
    ports.push(request.socket.remotePort);
    if (ports.length === 2) request.socket.once('close', () => closed.resolve());
    response.end();
  });
  await http(GET);
  await http(POST);
  await http(GET);
  // Our side closes it, long before a server would.
  await closed.promise;
  await http(POST);
  const [read, write, , other] = ports;
  expect(new Set([read, write, other]).size).toBe(3);
});

test('an unknown endpoint and a bad URL are mistakes of ours', async () => {
  const http = await unreachable();
  await expect(http({ ...GET, endpoint: 'feeds' })).rejects.toThrow('there is no endpoint "feeds"');
  expect(() => createHttp({ default: { url: 'ftp://a' } })).toThrow('the URL of endpoint "default"');
  expect(() => createHttp({ default: { url: 'https://user:pw@a' } })).toThrow('without user');
});

const certificate = readFileSync(new URL('../../test/fixtures/tls/certificate.pem', import.meta.url), 'utf8');
const key = readFileSync(new URL('../../test/fixtures/tls/key.pem', import.meta.url), 'utf8');
const fingerprint = new X509Certificate(certificate).fingerprint256;

test.each([
  ['its authority', { ca: certificate }],
  ['its fingerprint', { pinned: fingerprint }],
])('a certificate is trusted by %s', async (_, trust) => {
  const http = await answeringTls(trust);
  expect((await http(POST)).status).toBe(200);
});

test.each([
  ['the system does not know', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['is not the pinned one', { pinned: '00'.repeat(32) }, 'not the pinned one'],
])('a certificate that %s stops the request before it is sent', async (_, trust, message) => {
  const trouble = await troubleWith((await answeringTls(trust))(POST));
  expect(trouble).toMatchObject({ reason: 'auth', sent: false });
  expect(trouble.message).toContain(message);
});

function withBody(answer: (body: string, request: IncomingMessage, response: ServerResponse) => void): RequestListener {
  return (request, response) => void text(request).then(body => answer(body, request, response));
}

function pick(request: IncomingMessage): { url: string; method: string; type: string } {
  return { url: request.url ?? '', method: request.method ?? '', type: request.headers['content-type'] ?? '' };
}

async function troubleWith(exchange: Promise<unknown>): Promise<HttpTrouble> {
  const error: unknown = await exchange.then(
    () => 'it was answered',
    (reason: unknown) => reason,
  );
  if (error instanceof HttpTrouble) return error;
  throw new Error('expected trouble', { cause: error });
}

async function answering(
  listener: RequestListener,
  prefix = '',
  endpoint: Partial<Endpoint> = {},
): Promise<ClosableHttp> {
  const server = createServer(listener);
  open.push(() => server.closeAllConnections());
  return track(createHttp({ default: { ...endpoint, url: `http://127.0.0.1:${await listen(server)}${prefix}` } }));
}

async function answeringTls(trust: Partial<Endpoint>): Promise<ClosableHttp> {
  const server = createTlsServer({ cert: certificate, key }, (_, response) => response.end());
  open.push(() => server.closeAllConnections());
  return track(createHttp({ default: { ...trust, url: `https://localhost:${await listen(server)}` } }));
}

async function raw(onSocket: (socket: Socket) => void): Promise<ClosableHttp> {
  const server = createTcpServer(onSocket);
  return track(createHttp({ default: { url: `http://127.0.0.1:${await listen(server)}` } }));
}

async function unreachable(): Promise<ClosableHttp> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise(resolve => server.close(resolve));
  return track(createHttp({ default: { url: `http://127.0.0.1:${port}` } }));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  open.push(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function track(http: ClosableHttp): ClosableHttp {
  open.push(() => http.close());
  return http;
}
