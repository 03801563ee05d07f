import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { createHash, generateKeyPairSync, timingSafeEqual } from 'node:crypto';
import type { AuthContext, Connection, ParsedKey, ServerChannel } from 'ssh2';
import ssh2 from 'ssh2';
import type { Framing } from '../../base/netconf-frames.ts';
import { FrameReader, frame } from '../../base/netconf-frames.ts';
import type { Element } from '../../base/xml.ts';
import { childrenOf, element, encodeXml, textOf, withAttributes } from '../../base/xml.ts';
import { parseXml } from '../../base/xml-parse.ts';
import type { JunosFault, JunosFaults } from './simulator-faults.ts';
import type { Junos } from './simulator-junos.ts';

export interface NetconfServerOptions {
  readonly user: string;
  readonly password?: string;
  /** A public key that may log in, as `authorized_keys` has it. */
  readonly authorized?: string;
  /** Asks for the password in a dialogue, as it does with RADIUS. */
  readonly asks?: boolean;
  /** Whether it has base:1.1; the recorded ones do not. */
  readonly chunks?: boolean;
  readonly port?: number;
  readonly faults?: JunosFaults;
  /** Told of every RPC before it is answered. */
  readonly seen?: (rpc: Element) => void;
}

export interface NetconfServer {
  readonly port: number;
  /** `SHA256:…` of its host key. */
  readonly fingerprint: string;
  /** In the form of `known_hosts`. */
  readonly hostKey: string;
  close(): Promise<void>;
}

const BASE = 'urn:ietf:params:xml:ns:netconf:base:1.0';
const LIMIT = 1024 * 1024;

/** A Junos device behind an SSH server of its own, on the loopback interface. */
export async function serveNetconf(junos: Junos, options: NetconfServerOptions): Promise<NetconfServer> {
  const key = keyPair();
  const open = new Set<Connection>();
  const server = new ssh2.Server({ hostKeys: [key.private] }, client => {
    open.add(client);
    client.on('close', () => open.delete(client));
    // A client that goes without a word is nothing that the server could mend.
    client.on('error', () => open.delete(client));
    client.on('authentication', context => admit(context, options));
    client.on('session', accept => {
      const session = accept();
      session.on('subsystem', (take, refuse, { name }) => {
        if (name === 'netconf') speak(take(), client, { junos, options });
        else refuse?.();
      });
    });
  });
  // Small packets that wait for one another would make every login slow.
  const listener = createServer({ noDelay: true }, socket => server.injectSocket(socket));
  listener.listen(options.port ?? 0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  return {
    port,
    fingerprint: `SHA256:${createHash('sha256').update(key.blob).digest('base64').replace(/=+$/, '')}`,
    hostKey: key.public,
    async close() {
      const closed = new Promise<void>(resolve => listener.close(() => resolve()));
      for (const client of open) client.end();
      await closed;
    },
  };
}

export interface KeyPair {
  readonly private: string;
  /** As `authorized_keys` and `known_hosts` have it. */
  readonly public: string;
  readonly blob: Buffer;
}

/** ECDSA on P-256, made by Node: the Ed25519 keys that ssh2 makes can now and then not be read again (1.17.0). */
export function keyPair(passphrase?: string): KeyPair {
  const encrypted = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const pair = generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    privateKeyEncoding: { type: 'sec1', format: 'pem', ...encrypted },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const parsed = ssh2.utils.parseKey(pair.privateKey, passphrase);
  if (parsed instanceof Error) throw parsed;
  const blob = parsed.getPublicSSH();
  return { private: pair.privateKey, public: `${parsed.type} ${blob.toString('base64')}`, blob };
}

function admit(context: AuthContext, { user, password, authorized, asks = false, faults }: NetconfServerOptions): void {
  const isKnown = context.username === user && faults?.next('login')?.kind !== 'refuse-login';
  const methods = [
    ...(password === undefined ? [] : [asks ? 'keyboard-interactive' : 'password']),
    ...(authorized === undefined ? [] : ['publickey']),
  ];
  const refuse = (): void => context.reject(methods as ('password' | 'publickey' | 'keyboard-interactive')[]);
  if (!isKnown || !methods.includes(context.method)) return refuse();
  if (context.method === 'password') return same(context.password, password ?? '') ? context.accept() : refuse();
  if (context.method === 'keyboard-interactive') {
    return context.prompt([{ prompt: 'Password: ', echo: false }], answers =>
      same(answers[0] ?? '', password ?? '') ? context.accept() : refuse(),
    );
  }
  if (context.method === 'publickey') {
    const known = ssh2.utils.parseKey(authorized ?? '') as ParsedKey;
    const isSame = known.getPublicSSH().equals(context.key.data);
    const { blob, signature } = context;
    const isProven = signature === undefined || blob === undefined || known.verify(blob, signature, context.hashAlgo);
    return isSame && isProven ? context.accept() : refuse();
  }
  return refuse();
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map(text => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function speak(
  channel: ServerChannel,
  client: Connection,
  { junos, options }: { readonly junos: Junos; readonly options: NetconfServerOptions },
): void {
  const { chunks = false, faults, seen, user } = options;
  const session = junos.session(user, 'netconf');
  const reader = new FrameReader(LIMIT);
  let framing: Framing = 'end-mark';
  let isGreeted = false;
  const send = (message: string): void => void channel.write(frame(message, framing));
  // Some capabilities come in the legacy form too, as recorded.
  const capabilities = [
    BASE.replace(':xml:ns:', ':'),
    'urn:ietf:params:netconf:capability:candidate:1.0',
    'urn:ietf:params:xml:ns:netconf:capability:confirmed-commit:1.0',
    'http://xml.juniper.net/netconf/junos/1.0',
    ...(chunks ? ['urn:ietf:params:netconf:base:1.1'] : []),
  ];
  send(
    encodeXml(
      withAttributes(
        element(
          'hello',
          element('capabilities', ...capabilities.map(uri => element('capability', uri))),
          element('session-id', '4242'),
        ),
        { xmlns: BASE },
      ),
    ),
  );
  channel.on('close', () => session.end());
  channel.on('data', (bytes: Buffer) => {
    try {
      reader.push(bytes);
      for (let message = reader.next(); message !== undefined; message = reader.next()) receive(parseXml(message));
    } catch {
      // RFC 6242: whoever breaks the framing is left.
      client.end();
    }
  });

  function receive(message: Element): void {
    if (message.name === 'hello' && !isGreeted) {
      isGreeted = true;
      const says = childrenOf(message, 'capabilities').flatMap(all => childrenOf(all, 'capability'));
      if (!chunks || !says.some(capability => textOf(capability) === 'urn:ietf:params:netconf:base:1.1')) return;
      framing = 'chunks';
      reader.become('chunks');
      return;
    }
    const id = message.attributes?.['message-id'] ?? '';
    for (const rpc of message.children) if (typeof rpc !== 'string') answer(id, rpc);
  }

  function answer(id: string, rpc: Element): void {
    if (rpc.name === 'close-session') {
      send(reply(id, [element('ok')]));
      session.end();
      channel.end();
      return;
    }
    const fault = faults?.next(rpc);
    seen?.(rpc);
    const text = played(fault, id, () => reply(id, session.rpc(rpc)));
    if (text === undefined) return;
    if (fault?.kind === 'cut-reply') {
      channel.write(text.slice(0, 40), () => client.end());
      return;
    }
    send(text);
  }

  function played(fault: JunosFault | undefined, id: string, work: () => string): string | undefined {
    switch (fault?.kind) {
      case 'silence':
        return undefined;
      case 'cut':
        client.end();
        return undefined;
      case 'lost-answer':
        work();
        client.end();
        return undefined;
      case 'not-xml':
        work();
        return 'connection limit of the terminal server is reached';
      case 'broken-xml':
        return work().replace('</rpc-reply>', '');
      case 'no-effect':
        return reply(id, [element('ok')]);
      case 'rpc-error':
        return reply(id, [
          element(
            'rpc-error',
            element('error-type', 'protocol'),
            ...(fault.tag === undefined ? [] : [element('error-tag', fault.tag)]),
            element('error-severity', 'error'),
            element('error-message', `\n${fault.message}\n`),
          ),
        ]);
      case undefined:
      case 'none':
      case 'refuse-login':
      case 'cut-reply':
        return work();
    }
  }
}

function reply(id: string, content: readonly Element[]): string {
  return encodeXml(
    withAttributes(element('rpc-reply', ...content), {
      xmlns: BASE,
      'xmlns:junos': 'http://xml.juniper.net/junos/24.4R1.9/junos',
      'message-id': id,
    }),
  );
}
