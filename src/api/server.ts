import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Clock } from '../base/clock.ts';
import type { Milliseconds } from '../base/duration.ts';

/** What requests under way have at a stop. */
const GRACE: Milliseconds = 2_000;

/** `client` is the address that the request came from. */
export type Answerer = (request: Request, client: string) => Response | Promise<Response>;

/** PEM of what a server shows, and of its key. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface ListeningServer {
  readonly port: number;
  /** From now on requests get answers; before, they are told to come again. */
  open(answer: Answerer): void;
  /** Takes no new requests, lets those under way end for a short while, then cuts them. */
  close(): Promise<void>;
}

/** Takes the port before anything else is begun, so that a port that is in use costs nothing. Rejects with Node's error. */
export async function listen(
  address: { readonly host: string; readonly port: number },
  clock: Clock,
  tls?: Certificate,
): Promise<ListeningServer> {
  let answer: Answerer = starting;
  const server = createAdaptorServer({
    fetch: (request, { incoming }) => answer(request, incoming.socket.remoteAddress ?? ''),
    overrideGlobalObjects: false,
    ...(tls === undefined ? {} : { createServer: createTlsServer, serverOptions: { ...tls } }),
  }) as Server;
  let isClosing = false;
  // A connection that was kept open for a further request is idle when its answer has ended.
  server.on('request', (_, response) =>
    response.on('close', () => isClosing && setImmediate(() => server.closeIdleConnections())),
  );
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    open(given) {
      answer = given;
    },
    async close() {
      if (!server.listening) return;
      isClosing = true;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const cancel = clock.alarm(clock.now() + GRACE, () => server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}

function starting(): Response {
  const body = { type: 'about:blank', title: 'Service Unavailable', status: 503, detail: 'the daemon is starting' };
  return new Response(JSON.stringify(body), {
    status: 503,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '1' },
  });
}
