import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { ConnectionCut } from '../action/faults.ts';

export interface Served {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Puts a fetch handler behind a real socket on the loopback interface, so that connectors meet simulators as they meet
 * products. Answers are gzipped where the client takes it. Where the handler throws, or its body breaks, the connection
 * is cut without a word.
 */
export async function serve(
  fetch: (request: Request) => Promise<Response> | Response,
  { port = 0 }: { readonly port?: number } = {},
): Promise<Served> {
  const server = createServer((incoming, outgoing) => {
    answer(fetch, incoming, outgoing).catch((error: unknown) => {
      outgoing.destroy();
      if (!(error instanceof ConnectionCut) && !outgoing.closed) server.emit('error', error);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : undefined;
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${address.port}`, port: address.port, close };
}

async function answer(
  fetch: (request: Request) => Promise<Response> | Response,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const response = await fetch(await requestOf(incoming, outgoing));
  const headers = Object.fromEntries(response.headers);
  const body = await response.bytes().catch(async (error: unknown) => {
    // The head and a little of the body go out before the connection is cut.
    await new Promise<void>(resolve => outgoing.writeHead(response.status, headers).write(' ', () => resolve()));
    throw error;
  });
  const isZipped = body.length > 0 && (incoming.headers['accept-encoding']?.includes('gzip') ?? false);
  const sent = isZipped ? gzipSync(body) : body;
  // A length that the handler gave is that of what it gave.
  const zipped = isZipped ? { 'content-encoding': 'gzip', 'content-length': String(sent.length) } : {};
  outgoing.writeHead(response.status, { ...headers, ...zipped });
  outgoing.end(sent);
}

async function requestOf(incoming: IncomingMessage, outgoing: ServerResponse): Promise<Request> {
  const gone = new AbortController();
  outgoing.on('close', () => gone.abort());
  const { method = 'GET', url = '/', headers } = incoming;
  const body = await buffer(incoming);
  return new Request(`http://${headers.host ?? '127.0.0.1'}${url}`, {
    method,
    headers: Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as [string, string]],
    ),
    signal: gone.signal,
    ...(body.length === 0 || method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(body) }),
  });
}
