import { Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { NodemailerError } from 'nodemailer/lib/errors.js';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Milliseconds } from '../base/duration.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Mail, MailAnswer, MailRefusal, MailRequest, Relay } from '../base/mail.ts';
import { isCertificateError, pinTrouble, tlsOptions } from './http-trust.ts';
import { mask } from './http-wire.ts';

/** Until the greeting and TLS are over, and of the whole. RFC 5321, 4.5.3.2 would wait ten minutes for the end of DATA. */
const OPENING: Milliseconds = 20_000;
const DEFAULT_TIMEOUT: Milliseconds = 90_000;

/** Of one reply, in bytes. */
const REPLY_LIMIT = 64 * 1024;

/**
 * The ways to servers that take mail, a connection for each message.
 *
 * 1. `HttpTrouble.sent` is false until the server has asked for the message: without its end nothing is delivered (RFC
 *    5321, 4.1.1.4). From then on only a reply says whether it was taken.
 * 2. A login leaves only over TLS, and only to a server that is trusted.
 */
export function createMail(
  relays: { readonly [name: string]: Relay },
  options: { readonly timeout?: Milliseconds } = {},
): Mail {
  return async request => {
    const relay = Object.hasOwn(relays, request.relay) ? relays[request.relay] : undefined;
    if (relay === undefined) throw new Error(`there is no relay "${request.relay}" for mail`);
    request.signal?.throwIfAborted();
    const raw = await compose(relay, request);
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    const timeout = request.timeout ?? options.timeout ?? DEFAULT_TIMEOUT;
    const opening = Math.min(OPENING, timeout);
    const connection = new Connection({
      host: relay.host,
      port: relay.port,
      secure: relay.security === 'tls',
      requireTLS: relay.security === 'starttls',
      ignoreTLS: relay.security === 'none',
      connectionTimeout: opening,
      greetingTimeout: opening,
      dnsTimeout: opening,
      socketTimeout: timeout,
      maxResponseSize: REPLY_LIMIT,
      // No name of this machine is told to strangers (RFC 5321, 4.1.4: a literal does where there is none).
      name: '[127.0.0.1]',
      tls: tlsOptions(relay),
      logger: false,
    });
    return submit(connection, relay, { raw, timeout, signal: request.signal });
  };
}

interface Submission {
  readonly raw: Buffer;
  readonly timeout: Milliseconds;
  readonly signal: AbortSignal | undefined;
}

function submit(connection: SMTPConnection, relay: Relay, { raw, timeout, signal }: Submission): Promise<MailAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<MailAnswer>();
  let isSent = false;
  // Read only once the server has asked for it.
  const message = new Readable({
    read() {
      isSent = true;
      this.push(raw);
      this.push(null);
    },
  });
  const secrets = secretWords(relay);
  const fail = (error: Error): void => settle(() => reject(error));
  const answer = (given: MailAnswer): void => {
    // Nobody waits for the answer to it.
    connection.quit();
    settle(() => resolve(given));
  };
  const trouble = (error: NodemailerError): void => fail(troubleOf(error, isSent, secrets));
  const aborted = (): void => fail(reasonOf(signal));
  const late = (): void => fail(new HttpTrouble('timeout', `the server did not answer within ${timeout} ms`, isSent));
  const timer = setTimeout(late, timeout);
  signal?.addEventListener('abort', aborted);
  connection.on('error', trouble);
  // What the library says of a server that has said goodbye comes after the end.
  const ended = (): void => fail(new HttpTrouble('unreachable', 'the server closed the connection', isSent));
  connection.once('end', () => setImmediate(ended));
  connection.connect(error => {
    if (error !== undefined) return trouble(error);
    const untrusted =
      relay.security === 'none' ? undefined : pinTrouble(connection._socket as Partial<TLSSocket>, relay);
    if (untrusted !== undefined) return fail(untrusted);
    if (relay.login === undefined) return send();
    const { user, password } = relay.login;
    if (!connection.secure) return fail(new HttpTrouble('auth', 'a login needs TLS', false));
    connection.login({ user, pass: password.reveal() }, refused => (refused === null ? send() : trouble(refused)));
  });

  function send(): void {
    const { from, to } = relay;
    connection.send({ from, to: [...to], size: raw.length }, message, (error, info) => {
      if (error !== null) {
        const given = refusalsIn(error, to, secrets);
        return given === undefined ? trouble(error) : answer(given);
      }
      const refused = info?.rejectedErrors ?? [];
      answer({ accepted: info?.accepted ?? [], refused: refused.map(one => refusalOf(one, secrets)) });
    });
  }

  let isSettled = false;
  function settle(act: () => void): void {
    if (isSettled) return;
    isSettled = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
    connection.close();
    act();
  }
  return promise;
}

async function compose({ from, to }: Relay, { subject, text, id, date, urgent }: MailRequest): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  return new MailComposer({
    from,
    to: [...to],
    subject,
    text,
    textEncoding: 'quoted-printable',
    date: new Date(date),
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    // RFC 3834: nobody's absence note comes back.
    headers: { 'Auto-Submitted': 'auto-generated', ...(urgent ? { Importance: 'high', 'X-Priority': '1' } : {}) },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}

/** What the server said of sender, recipients or message, where that is final or about the recipients. */
function refusalsIn(error: NodemailerError, to: readonly string[], secrets: readonly string[]): MailAnswer | undefined {
  if (error.code !== 'EENVELOPE' && error.code !== 'EMESSAGE') return undefined;
  if (error.rejectedErrors !== undefined)
    return { accepted: [], refused: error.rejectedErrors.map(refused => refusalOf(refused, secrets)) };
  const { code, said } = refusalOf(error, secrets);
  if (error.responseCode === undefined) {
    // Larger than the server has announced to take: RFC 1870, 6.1 would have it say 552.
    return error.command === 'MAIL FROM' ? refusedAll(to, { code: 552, said: error.message }) : undefined;
  }
  return code >= 500 ? refusedAll(to, { code, said }) : undefined;
}

function refusedAll(to: readonly string[], refusal: MailRefusal): MailAnswer {
  return { accepted: [], refused: to.map(address => ({ address, ...refusal })) };
}

function refusalOf(
  { recipient = '', responseCode = 0, response }: NodemailerError,
  secrets: readonly string[],
): MailAnswer['refused'][number] {
  return { address: recipient, code: responseCode, said: said(response, secrets) };
}

function troubleOf(error: NodemailerError, isSent: boolean, secrets: readonly string[]): HttpTrouble {
  const { responseCode: status, command } = error;
  const code = error.originalCode ?? error.code ?? 'unknown';
  const reply = said(error.response, secrets);
  // An answer to the message as a whole: it was not taken.
  const sent = isSent && !(error.code === 'EMESSAGE' && status !== undefined);
  const make = (reason: HttpTrouble['reason'], message: string): HttpTrouble => new HttpTrouble(reason, message, sent);
  if (isCertificateError(code)) return make('auth', `the certificate is not trusted (${code})`);
  if (status !== undefined && status >= 400 && status < 500)
    return make('unavailable', `the server is in trouble: ${reply}`);
  if (error.code === 'EAUTH')
    return make('auth', `the login was refused: ${reply === '' ? 'no way to log in' : reply}`);
  if (command === 'STARTTLS') return make('auth', `the server has no STARTTLS: ${reply}`);
  if (status !== undefined) return make('unavailable', `the server refuses its service: ${reply}`);
  if (error.code === 'ETIMEDOUT') return make('timeout', 'the server did not answer in time');
  if (error.code === 'EPROTOCOL') return make('malformed-answer', 'the server does not speak SMTP');
  return make('unreachable', sent ? `the connection broke (${code})` : `the server cannot be reached (${code})`);
}

/** One line of what it said, without what is secret. */
function said(response: string | false | undefined, secrets: readonly string[]): string {
  if (response === undefined || response === false) return '';
  const line = mask(response, secrets).replaceAll(/\s+/g, ' ').trim();
  return JSON.stringify(line.length > 200 ? `${line.slice(0, 200)}…` : line);
}

/** As it is, and as logins write it. A short one is left alone: it would tear holes into honest text. */
function secretWords({ login }: Relay): readonly string[] {
  const word = login?.password.reveal() ?? '';
  if (login === undefined || word.length < 8) return [];
  const encoded = [word, `\0${login.user}\0${word}`].map(text => Buffer.from(text).toString('base64'));
  return [word, ...encoded];
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
