import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { createServer as createTlsServer } from 'node:tls';
import type { Clock } from '../../base/clock.ts';
import type { Milliseconds } from '../../base/duration.ts';
import type { Log, Service } from '../../base/service.ts';
import { MAX_LINE } from '../../formats/formats.ts';
import { readConnection } from './connection.ts';
import type { Peer } from './peer.ts';
import { plainAddress } from './peer.ts';
import type { TakeLines } from './take.ts';

export interface SyslogTcpOptions {
  readonly host: string;
  /** 0 is any free one. RFC 6587 has none of its own, RFC 5425 has 6514 for TLS. */
  readonly port: number;
  readonly take: TakeLines;
  readonly clock: Clock;
  readonly log: Log;
  readonly tls?: SyslogTls;
  /** At once; further ones are closed as they come. 256 if not given. */
  readonly connections?: number;
  /** A connection that is silent for longer is closed; ten minutes if not given. */
  readonly idle?: Milliseconds;
  /** Bytes of a line; 64 KiB if not given. */
  readonly longest?: number;
  /** Who may send; everybody, if not given. */
  readonly isAllowed?: (address: string) => boolean;
}

/** PEM texts. */
export interface SyslogTls {
  readonly certificate: string;
  readonly key: string;
  /** With it, only clients whose certificate this authority signed are heard. */
  readonly clientAuthority?: string;
}

const HANDSHAKE: Milliseconds = 10_000;
const CONNECTIONS = 256;
const IDLE: Milliseconds = 600_000;

/**
 * Syslog over TCP (RFC 6587), or over TLS from 1.2 on (RFC 5425). A connection is read no faster than its lines are put on disk,
 * so nothing that was read is lost but by a crash or a stop in between: syslog has no answer, and a sender believes a line
 * delivered once its own system took it.
 */
export class SyslogTcp implements Service {
  readonly #options: SyslogTcpOptions;
  readonly #server: Server;
  readonly #stopping = new AbortController();
  /** Those that are still at their handshake too. */
  readonly #sockets = new Set<Socket>();
  readonly #reading = new Set<Promise<void>>();
  #refused = 0;

  constructor(options: SyslogTcpOptions) {
    this.#options = options;
    this.#server = this.#makeServer(options.tls);
    this.#server.maxConnections = options.connections ?? CONNECTIONS;
    // Before the listener that reads, or begins the handshake.
    this.#server.prependListener('connection', socket => {
      if (!this.#isAllowed(socket)) return;
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#server.on('drop', () => {
      this.#refused++;
      options.log.warn(
        { connections: this.#server.maxConnections },
        'a syslog connection is refused: there are too many',
      );
    });
  }

  /** Where it listens, once it does. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#server.address() as AddressInfo;
    return { host: address, port };
  }

  get counts(): { readonly connections: number; readonly refused: number } {
    return { connections: this.#reading.size, refused: this.#refused };
  }

  /** Rejects where it cannot listen. */
  async start(): Promise<void> {
    const { host, port } = this.#options;
    this.#server.listen({ host, port });
    await once(this.#server, 'listening');
    this.#server.on('error', error => this.#options.log.error({ err: error }, 'the syslog listener has trouble'));
  }

  /** Closes all connections, and waits until what was read is taken. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const { promise, resolve } = Promise.withResolvers<void>();
    // It complains when it does not run; then there is nothing to close.
    this.#server.close(() => resolve());
    for (const socket of this.#sockets) socket.destroy();
    await promise;
    await Promise.all(this.#reading);
  }

  /** Before its handshake, and before anything of it is read. */
  #isAllowed(socket: Socket): boolean {
    const { isAllowed, log } = this.#options;
    const address = plainAddress(socket.remoteAddress);
    if (isAllowed === undefined || isAllowed(address)) return true;
    this.#refused++;
    log.warn({ address }, 'a syslog connection is refused: its sender is not allowed');
    socket.destroy();
    return false;
  }

  #makeServer(tls: SyslogTls | undefined): Server {
    if (tls === undefined) return createServer(socket => this.#welcome(socket, 'tcp'));
    const server = createTlsServer({
      cert: tls.certificate,
      key: tls.key,
      ...(tls.clientAuthority === undefined ? {} : { ca: tls.clientAuthority }),
      requestCert: tls.clientAuthority !== undefined,
      rejectUnauthorized: tls.clientAuthority !== undefined,
      minVersion: 'TLSv1.2',
      handshakeTimeout: HANDSHAKE,
    });
    server.on('secureConnection', socket => this.#welcome(socket, 'tls'));
    server.on('tlsClientError', (error, socket) =>
      this.#options.log.warn(
        { err: error, address: plainAddress(socket.remoteAddress) },
        'a syslog client failed at TLS',
      ),
    );
    return server;
  }

  #welcome(socket: Socket, transport: 'tcp' | 'tls'): void {
    if (socket.destroyed) return;
    const { idle = IDLE, longest = MAX_LINE, log } = this.#options;
    const peer = peerOf(socket, transport);
    // The loop that reads a socket hears of its errors; this is for those between its steps.
    socket.on('error', error => log.debug({ err: error, ...peer }, 'a syslog connection broke'));
    const world = { ...this.#options, signal: this.#stopping.signal };
    const reading = readConnection(world, socket, peer, { idle, longest }).finally(() => this.#reading.delete(reading));
    this.#reading.add(reading);
  }
}

function peerOf(socket: Socket, transport: 'tcp' | 'tls'): Peer {
  const peer = { transport, address: plainAddress(socket.remoteAddress), port: socket.remotePort ?? 0 };
  const name = transport === 'tls' ? commonName((socket as TLSSocket).getPeerCertificate()) : undefined;
  return name === undefined ? peer : { ...peer, name };
}

/** Without a client's certificate the object is empty. */
function commonName(certificate: Partial<PeerCertificate>): string | undefined {
  const name = certificate.subject?.CN;
  return Array.isArray(name) ? name[0] : name;
}
