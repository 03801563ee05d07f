import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import type { Outlet } from '../base/lines.ts';
import { createLines } from './lines.ts';

const open: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const tls = (file: string): string => readFileSync(new URL(`../../test/fixtures/tls/${file}`, import.meta.url), 'utf8');

async function listening(server: Server): Promise<{ readonly host: string; readonly port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** A collector; resolves with what the first connection sent. */
function collecting(make: (taken: (text: Promise<string>) => void) => Server) {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { server: make(resolve), taken: promise };
}

test.each([
  ['newline', 'Nürnberg\n'],
  ['octets', '9 Nürnberg'],
] as const)('a line goes over TCP, told apart by %s', async (framing, sent) => {
  const { server, taken } = collecting(take => createServer(socket => take(text(socket))));
  const outlet: Outlet = { transport: 'tcp', ...(await listening(server)), framing };
  await createLines({ lines: outlet })({ line: 'Nürnberg' });
  expect(await taken).toBe(sent);
});

test('a line goes over UDP as a packet of its own', async () => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  open.push(() => void socket.close());
  const arrived = once(socket, 'message');
  await createLines({ lines: { transport: 'udp', host: '127.0.0.1', port: socket.address().port } })({
    line: 'a line',
  });
  expect(String((await arrived)[0])).toBe('a line');
});

test('a line goes over TLS to a collector whose certificate the authority has signed', async () => {
  const certificate = { key: tls('key.pem'), cert: tls('certificate.pem') };
  const { server, taken } = collecting(take => createTlsServer(certificate, socket => take(text(socket))));
  const { port } = await listening(server);
  await createLines({ lines: { transport: 'tls', host: 'localhost', port, ca: tls('certificate.pem') } })({
    line: 'a line',
  });
  expect(await taken).toBe('a line\n');
});

test('nothing is sent to a collector whose certificate is not trusted', async () => {
  const seen: string[] = [];
  const server = createTlsServer({ key: tls('key.pem'), cert: tls('certificate.pem') }, socket => {
    socket.on('data', data => seen.push(String(data)));
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  const outlet: Outlet = { transport: 'tls', ...(await listening(server)) };
  await expect(createLines({ lines: outlet })({ line: 'a line' })).rejects.toMatchObject({
    reason: 'auth',
    sent: false,
  });
  expect(seen).toEqual([]);
});

test('a collector that cannot be reached has got nothing', async () => {
  const server = createServer();
  const { host, port } = await listening(server);
  server.close();
  await once(server, 'close');
  await expect(createLines({ lines: { transport: 'tcp', host, port } })({ line: 'a line' })).rejects.toMatchObject({
    reason: 'unreachable',
    sent: false,
  });
});

test.each(['a\nforged line', 'a\rforged line'])('a line is one line: %j', async line => {
  await expect(createLines({ lines: { transport: 'udp', host: '127.0.0.1', port: 9 } })({ line })).rejects.toThrow(
    'line breaks',
  );
});

test('an end before the beginning sends nothing', async () => {
  const signal = AbortSignal.abort(new Error('stopped'));
  await expect(
    createLines({ lines: { transport: 'udp', host: '127.0.0.1', port: 9 } })({ line: 'x', signal }),
  ).rejects.toThrow('stopped');
});
