import { createSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { connect, isIPv6 } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import type { Milliseconds } from '../base/duration.ts';
import { HttpTrouble } from '../base/http.ts';
import type { LineRequest, Lines, Outlet } from '../base/lines.ts';
import { isCertificateError, pinTrouble, tlsOptions } from './http-trust.ts';

const DEFAULT_TIMEOUT: Milliseconds = 10_000;

/**
 * The ways to collectors, a connection for each line: few are sent, and one that is kept open may be dead without a word.
 * `HttpTrouble.sent` is false only if not one byte can have left.
 */
export function createLines(
  outlets: { readonly [name: string]: Outlet },
  options: { readonly timeout?: Milliseconds } = {},
): Lines {
  return async request => {
    const name = request.outlet ?? 'lines';
    const outlet = Object.hasOwn(outlets, name) ? outlets[name] : undefined;
    if (outlet === undefined) throw new Error(`there is no outlet "${name}" for lines`);
    if (/[\r\n]/.test(request.line)) throw new Error('a line must not hold line breaks');
    const { signal } = request;
    if (signal?.aborted) throw reasonOf(signal);
    const timeout = request.timeout ?? options.timeout ?? DEFAULT_TIMEOUT;
    await (outlet.transport === 'udp' ? sendPacket(outlet, request.line) : sendOverStream(outlet, request, timeout));
  };
}

function sendPacket({ host, port }: Outlet, line: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const end = (error: Error | null): void => {
    socket.close();
    if (error === null) resolve();
    else reject(new HttpTrouble('unreachable', `the line could not be sent (${codeOf(error)})`, false, error));
  };
  socket.once('error', end);
  socket.send(line, port, host, end);
  return promise;
}

function sendOverStream(outlet: Outlet, { line, signal }: LineRequest, timeout: Milliseconds): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isSent = false;
  const socket = open(outlet, () => {
    const untrusted = outlet.transport === 'tls' ? pinTrouble(socket as Partial<TLSSocket>, outlet) : undefined;
    if (untrusted !== undefined) return fail(untrusted);
    isSent = true;
    socket.end(framed(outlet, line), () => settle(resolve));
  });
  const fail = (trouble: Error): void => settle(() => reject(trouble));
  const aborted = (): void => fail(reasonOf(signal));
  const late = (): void => fail(new HttpTrouble('timeout', `the line was not taken within ${timeout} ms`, isSent));
  const timer = setTimeout(late, timeout);
  signal?.addEventListener('abort', aborted);
  socket.on('error', error => fail(troubleOf(error, isSent)));
  socket.on('close', () => fail(new HttpTrouble('unreachable', 'the collector closed the connection', isSent)));

  let isSettled = false;
  function settle(act: () => void): void {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
    socket.destroySoon();
    act();
  }
  return promise;
}

function open(outlet: Outlet, ready: () => void): Socket {
  const { transport, host, port } = outlet;
  if (transport === 'tcp') return connect({ host, port }, ready);
  // The name in the certificate must be the host's; an address is no server name (RFC 6066, 3).
  return connectTls({ host, port, ...tlsOptions(outlet) }, ready);
}

/** RFC 6587, 3.4.1 and 3.4.2. */
function framed({ framing = 'newline' }: Outlet, line: string): string {
  return framing === 'newline' ? `${line}\n` : `${Buffer.byteLength(line)} ${line}`;
}

function troubleOf(error: Error, sent: boolean): HttpTrouble {
  const code = codeOf(error);
  if (isCertificateError(code)) return new HttpTrouble('auth', `the certificate is not trusted (${code})`, sent, error);
  return new HttpTrouble('unreachable', `the collector cannot be reached (${code})`, sent, error);
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
