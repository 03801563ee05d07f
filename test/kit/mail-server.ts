import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import { onTestFinished } from 'vitest';

const tls = (name: string): string => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

/** That of the server, which is its own authority. */
export const CERTIFICATE = tls('certificate.pem');
export const PASSWORD = 'correct-horse-battery';

interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: unknown;
  readonly isSecure: boolean;
  /** Header and body, as they came. */
  readonly raw: string;
}

/** A server for mail on loopback. It knows the user `backline`, whom it wants to see where there is TLS. */
export async function mailServer(options: SMTPServerOptions = {}, begin?: (socket: Socket) => void) {
  const taken: Taken[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    cert: CERTIFICATE,
    key: tls('key.pem'),
    disableReverseLookup: true,
    closeTimeout: 1,
    onAuth(given, _session, done) {
      if (given.username === 'backline' && given.password === PASSWORD) return done(null, { user: given.username });
      const refusal = new Error(`5.7.8 not with ${String(given.password)}`);
      done(Object.assign(refusal, { responseCode: 535 }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        const raw = Buffer.concat(chunks).toString();
        taken.push({ from, to, user: session.user, isSecure: session.secure, raw });
        done();
      });
    },
    ...options,
  });
  // A client that breaks off is what some tests are about.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    begin?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  /** Only without `secure`: Node does not survive a socket that is destroyed beneath a TLS server's handshake. */
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  // After `closeTimeout` it breaks off what is left.
  onTestFinished(() => new Promise<void>(resolve => server.close(resolve)));
  const { port } = server.server.address() as AddressInfo;
  return { taken, port, cut };
}

/** What SMTP has for it: a reply of one code. */
export function reply(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}
