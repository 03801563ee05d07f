import { createHash } from 'node:crypto';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';
import type { Milliseconds } from '../base/duration.ts';
import { HttpTrouble } from '../base/http.ts';
import type { Framing } from '../base/netconf-frames.ts';
import { FrameReader, FrameTrouble, frame } from '../base/netconf-frames.ts';
import type { NetconfDevice, Rpcs } from '../base/rpc.ts';
import { RPC_LIMIT, errorsOf, rpcEffect } from '../base/rpc.ts';
import type { Secret } from '../base/secret.ts';
import type { Element } from '../base/xml.ts';
import { childrenOf, element, encodeXml, textOf, withAttributes } from '../base/xml.ts';
import { mask } from './http-wire.ts';
import { parseReply } from './rpc-reply.ts';

const BASE = 'urn:ietf:params:xml:ns:netconf:base:1.0';
const NAMESPACE = { xmlns: BASE };
const MARKS = 'urn:ietf:params:netconf:base:1.0';
const CHUNKS = 'urn:ietf:params:netconf:base:1.1';
/** A session is closed politely, so that its lock is gone when it is; not for longer than this. */
const FAREWELL: Milliseconds = 3_000;

/**
 * NETCONF over SSH, a connection for each session. The host key is one of the pinned ones or nothing is sent, the login
 * least of all. Nothing is retried here.
 *
 * 1. A secret is revealed only into the login, and no answer shows it.
 * 2. `HttpTrouble.sent` is false only if no RPC that changes something can have left.
 */
export function netconfRpcs(device: NetconfDevice, limits: Limits): Rpcs {
  return async (signal, work) => {
    const wire = await open(device, signal, limits);
    try {
      return await work({ lasts: true, call: asked => wire.call(asked) });
    } finally {
      await wire.close();
    }
  };
}

interface Limits {
  /** Of one RPC with its answer. */
  readonly timeout: Milliseconds;
  /** Of connecting, logging in and greeting. */
  readonly opening: Milliseconds;
}

async function open(device: NetconfDevice, signal: AbortSignal, limits: Limits): Promise<Wire> {
  if (signal.aborted) throw reasonOf(signal);
  // Loaded when it is needed: most daemons have no such device.
  const { default: ssh2 } = await import('ssh2');
  const wire = new Wire(device, new ssh2.Client(), { signal, ...limits });
  try {
    await wire.open();
    return wire;
  } catch (error) {
    await wire.close();
    throw error;
  }
}

/** One session. Whatever breaks it, its time, its signal or the other side, ends all that is waited for. */
class Wire {
  readonly #device: NetconfDevice;
  readonly #client: Client;
  readonly #signal: AbortSignal;
  readonly #limits: Limits;
  readonly #reader = new FrameReader(RPC_LIMIT);
  readonly #secrets: readonly string[];
  #channel: ClientChannel | undefined;
  #framing: Framing = 'end-mark';
  #messages = 0;
  /** Whether an RPC that changes something has left, in this call. */
  #sent = false;
  #broken: Error | undefined;
  #waiting: { resolve(message: string): void; reject(error: Error): void } | undefined;
  #opening: ((error: Error) => void) | undefined;

  constructor(device: NetconfDevice, client: Client, { signal, ...limits }: Limits & { readonly signal: AbortSignal }) {
    this.#device = device;
    this.#client = client;
    this.#signal = signal;
    this.#limits = limits;
    const { password, passphrase } = device;
    this.#secrets = [password, passphrase].flatMap(secretWords);
    signal.addEventListener('abort', this.#aborted);
  }

  /** Connects, proves who is there, logs in, and exchanges hellos. */
  async open(): Promise<void> {
    await this.#limited('no session', this.#limits.opening, async () => {
      this.#channel = await this.#connect();
      this.#channel.on('data', (bytes: Buffer) => this.#receive(bytes));
      this.#channel.on('close', () => this.#break(trouble('unreachable', 'the device closed the session', this.#sent)));
      this.#channel.on('error', (error: Error) =>
        this.#break(trouble('unreachable', error.message, this.#sent, error)),
      );
      const capabilities = [MARKS, CHUNKS].map(uri => element('capability', uri));
      const hello = withAttributes(element('hello', element('capabilities', ...capabilities)), NAMESPACE);
      const answer = this.#answer();
      this.#write(encodeXml(hello));
      if (saysChunks(this.#parse(await answer))) {
        this.#framing = 'chunks';
        this.#reader.become('chunks');
      }
    });
  }

  async call(asked: readonly Element[]): Promise<Element[]> {
    this.#sent = false;
    const answers: Element[] = [];
    for (const rpc of asked) {
      const answer = await this.#limited(`no answer to ${rpc.name}`, this.#limits.timeout, () => this.#exchange(rpc));
      answers.push(answer);
      if (errorsOf(answer).length > 0) break;
    }
    return answers;
  }

  /** May be called twice, and whatever has happened. */
  async close(): Promise<void> {
    try {
      if (this.#channel !== undefined && this.#broken === undefined)
        await withTimer(
          FAREWELL,
          () => this.#break(new Error('no farewell')),
          () => this.#exchange(element('close-session')),
        );
    } catch {
      // What the session had is gone with the connection.
    } finally {
      this.#signal.removeEventListener('abort', this.#aborted);
      this.#break(new Error('the session is closed'));
    }
  }

  #connect(): Promise<ClientChannel> {
    const { promise, resolve, reject } = Promise.withResolvers<ClientChannel>();
    const { host, port, user, password, key, passphrase, hostKeys } = this.#device;
    let shown: string | undefined;
    let isTrusted = false;
    const config: ConnectConfig = {
      host,
      port,
      username: user,
      readyTimeout: 0,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
      hostVerifier: (hostKey: Buffer) => {
        shown = `SHA256:${createHash('sha256').update(hostKey).digest('base64').replace(/=+$/, '')}`;
        isTrusted = hostKeys.includes(shown);
        return isTrusted;
      },
      ...(password === undefined ? {} : { password: password.reveal(), tryKeyboard: true }),
      ...(key === undefined ? {} : { privateKey: key.reveal() }),
      ...(passphrase === undefined ? {} : { passphrase: passphrase.reveal() }),
    };
    const client = this.#client;
    client.on('error', (error: Error & { readonly level?: string }) => {
      const broken =
        shown !== undefined && !isTrusted
          ? trouble('auth', `the host key is none of the pinned ones; its fingerprint is ${shown}`, false)
          : error.level === 'client-authentication'
            ? trouble('auth', 'the device refuses the login', false)
            : trouble(
                'unreachable',
                `${this.#channel === undefined ? 'no connection' : 'the connection broke'} (${codeOf(error)})`,
                this.#sent,
                error,
              );
      reject(broken);
      this.#break(broken);
    });
    client.on('close', () => this.#break(trouble('unreachable', 'the device closed the connection', this.#sent)));
    // RADIUS and TACACS+ ask for the password this way; what is to be shown while it is typed is not asked of a secret.
    client.on('keyboard-interactive', (_name, _instructions, _language, prompts, finish) =>
      finish(prompts.map(({ echo }) => (echo === true ? '' : (password?.reveal() ?? '')))),
    );
    client.on('ready', () =>
      client.subsys('netconf', (error, channel) => {
        if (error === undefined) resolve(channel);
        else reject(trouble('unreachable', 'the device has no NETCONF at this port', false, error));
      }),
    );
    this.#opening = reject;
    try {
      client.connect(config);
      client.setNoDelay();
    } catch (error) {
      // The key is not read before; what is wrong with it may hold a part of it.
      reject(trouble('auth', 'the private key cannot be used: is it whole, and is the passphrase its own?', false));
      void error;
    }
    return promise;
  }

  async #exchange(rpc: Element): Promise<Element> {
    this.#messages++;
    const id = String(this.#messages);
    const message = encodeXml(withAttributes(element('rpc', rpc), { 'message-id': id, ...NAMESPACE }));
    const answer = this.#answer();
    this.#sent ||= rpcEffect(rpc) === 'change';
    this.#write(message);
    const reply = this.#parse(await answer);
    if (reply.name !== 'rpc-reply')
      throw trouble('malformed-answer', `the answer is ${reply.name}, no rpc-reply`, this.#sent);
    const about = reply.attributes?.['message-id'];
    // RFC 6241, 4.1: the device repeats it. One that leaves it out has been recorded.
    if (about !== undefined && about !== id)
      throw trouble('malformed-answer', 'the answer is to another RPC than the one that was sent', this.#sent);
    return reply;
  }

  #parse(text: string): Element {
    try {
      return parseReply(mask(text, this.#secrets));
    } catch (error) {
      const broken = trouble('malformed-answer', `the answer makes no sense: ${messageOf(error)}`, this.#sent, error);
      this.#break(broken);
      throw broken;
    }
  }

  #answer(): Promise<string> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#waiting = { resolve, reject };
    this.#deliver();
    return promise;
  }

  #write(message: string): void {
    this.#channel?.write(frame(message, this.#framing));
  }

  #receive(bytes: Buffer): void {
    this.#reader.push(bytes);
    this.#deliver();
  }

  #deliver(): void {
    if (this.#waiting === undefined) return;
    try {
      const message = this.#reader.next();
      if (message === undefined) return;
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      resolve(message);
    } catch (error) {
      if (!(error instanceof FrameTrouble)) throw error;
      this.#break(trouble('malformed-answer', `the answer is no NETCONF: ${error.message}`, this.#sent, error));
    }
  }

  readonly #aborted = (): void => this.#break(reasonOf(this.#signal));

  /** Ends the session, and what is waited for with it; the first reason counts. */
  #break(reason: Error): void {
    this.#broken ??= reason;
    this.#opening?.(this.#broken);
    this.#opening = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(this.#broken);
    this.#client.destroy();
  }

  #limited<T>(what: string, time: Milliseconds, work: () => Promise<T>): Promise<T> {
    const late = (): void => this.#break(trouble('timeout', `${what} within ${time} ms`, this.#sent));
    return withTimer(time, late, work);
  }
}

async function withTimer<T>(time: Milliseconds, late: () => void, work: () => Promise<T>): Promise<T> {
  const timer = setTimeout(late, time);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

/** As it is, and as XML has it. A short one is left alone: it would tear holes into honest text. */
function secretWords(secret: Secret | undefined): string[] {
  const word = secret?.reveal() ?? '';
  return word.length < 8 ? [] : [word, encodeXml(element('x', word)).slice(3, -4)];
}

/** Junos writes some of its capabilities with `:xml:ns:` in them, and some without. */
function saysChunks(hello: Element): boolean {
  if (hello.name !== 'hello')
    throw trouble('malformed-answer', `the device begins with ${hello.name}, no hello`, false);
  return childrenOf(hello, 'capabilities')
    .flatMap(capabilities => childrenOf(capabilities, 'capability'))
    .some(capability => textOf(capability).replace(':xml:ns:netconf:', ':netconf:') === CHUNKS);
}

// oxlint-disable-next-line eslint/max-params -- what every trouble says, in the order of its constructor.
function trouble(reason: HttpTrouble['reason'], message: string, sent: boolean, cause?: unknown): HttpTrouble {
  return new HttpTrouble(reason, message, sent, cause);
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
