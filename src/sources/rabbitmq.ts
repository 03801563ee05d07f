import type { Channel, ChannelModel, ConsumeMessage, Options } from 'amqplib';
import { IllegalOperationError, connect } from 'amqplib';
import type { Milliseconds } from '../base/duration.ts';
import type { Secret } from '../base/secret.ts';
import type { Service } from '../base/service.ts';
import type { Inlet, InletWorld, Payload } from './inlet.ts';
import { Looped } from './looped.ts';

export interface RabbitOptions {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly vhost: string;
  readonly user: string;
  readonly password?: Secret;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  readonly queue: string;
  /** With it the queue is made, durable, and bound; without, it must be there. */
  readonly exchange?: string;
  readonly bindings: readonly string[];
  /** Messages that are under way at once. */
  readonly prefetch: number;
}

/** Of a message; a longer one is a dead letter. */
const LONGEST = 16 * 1_024 * 1_024;
const HEAD = 65_536;
const HEARTBEAT_SECONDS = 30;
const CONNECT_TIMEOUT: Milliseconds = 15_000;
const FIRST_WAIT: Milliseconds = 1_000;
const LONGEST_WAIT: Milliseconds = 60_000;

/**
 * Reads a queue of RabbitMQ (AMQP 0-9-1).
 *
 * 1. A message is acknowledged when what came of it is on disk (E1), event or dead letter; never before. A message that nobody
 *    can read is a dead letter and is acknowledged too: it must not come again for ever.
 * 2. No more than `prefetch` are under way: while the disk is slow, the rest waits at the server.
 * 3. A connection that breaks is made again, ever more slowly. What was under way comes again, and is known by its id.
 */
export class RabbitQueue implements Service {
  readonly #options: RabbitOptions;
  readonly #inlet: Inlet;
  readonly #world: InletWorld;
  readonly #loop = new Looped();
  #isConnected = false;
  #waiting = 0;
  #trouble: string | undefined;

  constructor(options: RabbitOptions, inlet: Inlet, world: InletWorld) {
    this.#options = options;
    this.#inlet = inlet;
    this.#world = world;
  }

  get state(): { readonly isConnected: boolean; readonly waiting: number; readonly trouble?: string } {
    const trouble = this.#trouble;
    return {
      isConnected: this.#isConnected,
      waiting: this.#waiting,
      ...(trouble === undefined ? {} : { trouble }),
    };
  }

  /** Does not wait for the server: one that is down must not keep the daemon from starting. */
  async start(): Promise<void> {
    const { engine, log } = this.#world;
    const world = { activity: engine.activity, log };
    this.#loop.start(() => this.#run(), world, { facts: this.#name(), bug: 'a bug ended this source' });
  }

  /** What was not acknowledged comes again at the next start. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #run(): Promise<void> {
    const { engine, clock, log } = this.#world;
    const { signal } = this.#loop;
    let wait = FIRST_WAIT;
    while (!signal.aborted) {
      let wasConnected = false;
      try {
        await engine.activity.away<void>(back => void this.#connected(() => (wasConnected = true)).then(back, back));
        // `away` hands over whatever came: trouble is kept beside it.
      } finally {
        this.#isConnected = false;
        this.#waiting = 0;
      }
      if (signal.aborted) return;
      wait = wasConnected ? FIRST_WAIT : Math.min(wait * 2, LONGEST_WAIT);
      log.warn({ ...this.#name(), trouble: this.#trouble, wait }, 'a message bus is not connected; trying again');
      await engine.activity.sleep(clock.now() + wait, signal);
    }
  }

  /** One connection, from its beginning to its end. Never rejects: what went wrong is in `#trouble`. */
  async #connected(up: () => void): Promise<void> {
    const { signal } = this.#loop;
    let model: ChannelModel | undefined;
    const over = Promise.withResolvers<Error | undefined>();
    const end = (): void => over.resolve(undefined);
    signal.addEventListener('abort', end, { once: true });
    try {
      model = await connect(this.#address(), { ...this.#socketOptions() });
      model.on('error', error => over.resolve(error));
      model.on('close', error => over.resolve(error ?? new Error('the server has closed the connection')));
      const channel = await model.createChannel();
      channel.on('error', error => over.resolve(error));
      channel.on('close', () => over.resolve(new Error('the server has closed the channel')));
      const consuming = await this.#consume(channel, error => over.resolve(error));
      this.#isConnected = true;
      this.#trouble = undefined;
      up();
      this.#world.log.info(this.#name(), 'a message bus is connected');
      const trouble = await over.promise;
      if (trouble !== undefined) this.#trouble = trouble.message;
      await consuming.end();
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
    } finally {
      signal.removeEventListener('abort', end);
      await model?.close().catch(() => {
        // It is closed already, which is why we are here.
      });
    }
  }

  async #consume(channel: Channel, fail: (error: Error) => void): Promise<{ end(): Promise<void> }> {
    const { queue, exchange, bindings, prefetch } = this.#options;
    if (exchange === undefined) await channel.checkQueue(queue);
    else {
      await channel.checkExchange(exchange);
      await channel.assertQueue(queue, { durable: true });
      for (const binding of bindings) await channel.bindQueue(queue, exchange, binding);
    }
    await channel.prefetch(prefetch);
    const messages: ConsumeMessage[] = [];
    let taking: Promise<void> | undefined;
    const take = async (): Promise<void> => {
      // All that came until now, in one transaction.
      for (let batch = messages.splice(0); batch.length > 0; batch = messages.splice(0)) {
        const isTaken = await this.#inlet.insist(batch.map(payloadOf), this.#loop.signal);
        const last = batch.at(-1);
        if (!isTaken || last === undefined) return;
        // Also when it stops just now: what is on disk need not come again.
        acknowledge(channel, last);
        this.#waiting -= batch.length;
      }
    };
    await channel.consume(queue, message => {
      if (message === null) {
        fail(new Error(`the queue ${queue} was deleted`));
        return;
      }
      messages.push(message);
      this.#waiting++;
      taking ??= take()
        .catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))))
        .finally(() => (taking = undefined));
    });
    return {
      async end() {
        // Nothing more is taken: whoever stops has said so, and a channel that is gone acknowledges nothing.
        messages.splice(0);
        await taking;
        // The connection's own end could overtake the last acknowledgement; the channel's cannot.
        await channel.close().catch(() => {
          // It is gone already.
        });
      },
    };
  }

  #address(): Options.Connect {
    const { host, port, isTls, vhost, user, password } = this.#options;
    return {
      protocol: isTls ? 'amqps' : 'amqp',
      hostname: host,
      port,
      vhost,
      username: user,
      password: password?.reveal() ?? 'guest',
      heartbeat: HEARTBEAT_SECONDS,
    };
  }

  #socketOptions(): { readonly timeout: Milliseconds; readonly servername?: string; readonly ca?: string[] } {
    const { host, isTls, ca } = this.#options;
    if (!isTls) return { timeout: CONNECT_TIMEOUT };
    return { timeout: CONNECT_TIMEOUT, servername: host, ...(ca === undefined ? {} : { ca: [ca] }) };
  }

  #name() {
    const { host, port, queue } = this.#options;
    return { source: this.#inlet.options.name, server: `${host}:${port}`, queue };
  }
}

/** This message and all before it. */
function acknowledge(channel: Channel, last: ConsumeMessage): void {
  try {
    channel.ack(last, true);
  } catch (error) {
    // The channel is gone: they come again, and are known.
    if (!(error instanceof IllegalOperationError)) throw error;
  }
}

function payloadOf({ content, fields }: ConsumeMessage): Payload {
  const topic = fields.routingKey;
  if (content.length > LONGEST)
    return {
      kind: 'unreadable',
      raw: content.toString('utf8', 0, HEAD),
      reason: `the message is longer than 16 MiB`,
      topic,
    };
  try {
    return { kind: 'text', text: strict.decode(content), topic };
  } catch {
    const raw = content.subarray(0, HEAD).toString('base64');
    return { kind: 'unreadable', raw, reason: `the message ${topic} is not UTF-8; it is kept as base64`, topic };
  }
}

const strict = new TextDecoder('utf-8', { fatal: true });
