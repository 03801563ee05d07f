import type { RemoteInfo, Socket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import type { Log, Service } from '../../base/service.ts';
import { MAX_LINE } from '../../formats/formats.ts';
import { offer } from './offer.ts';
import type { Peer } from './peer.ts';
import { plainAddress } from './peer.ts';
import type { TakeLines } from './take.ts';
import { BATCH, parseFrame } from './take.ts';

export interface SyslogUdpOptions {
  readonly host: string;
  /** 0 is any free one; RFC 5426 has 514. */
  readonly port: number;
  readonly take: TakeLines;
  readonly clock: Clock;
  readonly log: Log;
  /** Datagrams that wait to be taken; further ones are dropped. 10,000 if not given, and 16 MiB in all. */
  readonly queue?: number;
  /** Bytes of a line; 64 KiB, which no datagram exceeds, if not given. */
  readonly longest?: number;
  /** Whose datagrams are taken; everybody's, if not given. */
  readonly isAllowed?: (address: string) => boolean;
}

const QUEUE = 10_000;
const QUEUED_BYTES = 16 * 1024 * 1024;
/** What the kernel is asked to hold; it gives what its own limit (`net.core.rmem_max`) allows. */
const KERNEL_BUFFER = 4 * 1024 * 1024;

interface Datagram {
  readonly bytes: Uint8Array;
  readonly peer: Peer;
}

/**
 * Syslog over UDP (RFC 5426): one line a datagram. **It cannot be answered and cannot be slowed down**, so E1 does not hold: what
 * comes while the queue is full, or before a crash took it, is lost, as is what the network or the kernel drops. What the
 * queue drops is counted and logged. Senders' addresses prove nothing. Prefer TCP or TLS.
 */
export class SyslogUdp implements Service {
  readonly #options: SyslogUdpOptions;
  readonly #socket: Socket;
  readonly #stopping = new AbortController();
  readonly #waiting: Datagram[] = [];
  #bytes = 0;
  #dropped = 0;
  /** Of `#dropped`, what the log was told. */
  #told = 0;
  #refused = 0;
  #draining: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: SyslogUdpOptions) {
    this.#options = options;
    this.#socket = createSocket({ type: isIPv6(options.host) ? 'udp6' : 'udp4', recvBufferSize: KERNEL_BUFFER });
    this.#socket.on('message', (bytes, from) => this.#receive(bytes, from));
  }

  /** Where it listens, once it does. */
  get address(): { readonly host: string; readonly port: number } {
    const { address, port } = this.#socket.address();
    return { host: address, port };
  }

  get counts(): { readonly waiting: number; readonly dropped: number; readonly refused: number } {
    return { waiting: this.#waiting.length, dropped: this.#dropped, refused: this.#refused };
  }

  /** Rejects where it cannot listen. */
  async start(): Promise<void> {
    const { host, port, log } = this.#options;
    this.#socket.bind({ address: host, port });
    await once(this.#socket, 'listening');
    this.#socket.on('error', error => log.error({ err: error }, 'the syslog listener has trouble'));
  }

  /** Takes no more, and waits for what is on offer; what cannot be taken at once is lost. */
  async stop(): Promise<void> {
    if (!this.#isClosed) this.#socket.close();
    this.#isClosed = true;
    this.#stopping.abort();
    await this.#draining;
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    const { queue, isAllowed, log } = this.#options;
    const address = plainAddress(from.address);
    if (isAllowed !== undefined && !isAllowed(address)) {
      // Anybody can write any address, as often as he likes: the log hears of the first only.
      if (this.#refused++ === 0) log.warn({ address }, 'syslog datagrams of a sender that is not allowed are refused');
      return;
    }
    if (this.#waiting.length >= (queue ?? QUEUE) || this.#bytes + bytes.length > QUEUED_BYTES) {
      // The first of many: how many there were is told when there is room again.
      if (this.#dropped === this.#told)
        log.warn({ waiting: this.#waiting.length }, 'syslog datagrams are being dropped');
      this.#dropped++;
      return;
    }
    const peer: Peer = { transport: 'udp', address, port: from.port };
    this.#waiting.push({ bytes, peer });
    this.#bytes += bytes.length;
    this.#draining ??= this.#drain().finally(() => (this.#draining = undefined));
  }

  async #drain(): Promise<void> {
    const world = { ...this.#options, signal: this.#stopping.signal };
    while (this.#waiting.length > 0) {
      const batch = this.#next();
      const [first] = batch;
      if (first === undefined) return;
      const lines = batch.map(({ bytes }) => parseFrame({ bytes, isWhole: true }, this.#options.longest ?? MAX_LINE));
      await offer(world, lines, first.peer);
      this.#tell();
    }
  }

  /** The longest run of datagrams of one sender at the head of the queue. */
  #next(): Datagram[] {
    const [first] = this.#waiting;
    const isOther = ({ peer }: Datagram): boolean =>
      peer.address !== first?.peer.address || peer.port !== first.peer.port;
    const end = this.#waiting.slice(0, BATCH).findIndex(isOther);
    const batch = this.#waiting.splice(0, end === -1 ? BATCH : end);
    for (const { bytes } of batch) this.#bytes -= bytes.length;
    return batch;
  }

  #tell(): void {
    const dropped = this.#dropped - this.#told;
    if (dropped > 0) this.#options.log.warn({ dropped, inAll: this.#dropped }, 'syslog datagrams were dropped');
    this.#told = this.#dropped;
  }
}
