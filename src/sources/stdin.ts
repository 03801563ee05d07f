import type { Readable } from 'node:stream';
import type { Service } from '../base/service.ts';
import type { Inlet, InletWorld, Payload } from './inlet.ts';
import { Framer } from './syslog/framer.ts';

/** Lines that are taken at once. */
const BATCH = 256;

/**
 * What a program writes into Backline, a line each. It is read no faster than its lines are put on disk, so a pipe makes the
 * writer wait. A pipe has no answer and no place to go on at: what was read and not yet on disk is lost with a crash.
 */
export class Stdin implements Service {
  readonly #stream: Readable;
  readonly #longest: number;
  readonly #inlet: Inlet;
  readonly #world: InletWorld;
  readonly #stopping = new AbortController();
  #reading: Promise<void> = Promise.resolve();
  #hasEnded = false;

  constructor(stream: Readable, longest: number, inlet: Inlet, world: InletWorld) {
    this.#stream = stream;
    this.#longest = longest;
    this.#inlet = inlet;
    this.#world = world;
  }

  /** Whether the writer has closed it. The daemon goes on. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  async start(): Promise<void> {
    this.#reading = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#stream.destroy();
    await this.#reading;
  }

  async #run(): Promise<void> {
    const { log } = this.#world;
    const framer = new Framer(this.#longest);
    try {
      for await (const chunk of this.#stream) await this.#take(framer.push(chunk as Buffer));
      await this.#take(framer.end());
    } catch (error) {
      if (!this.#stopping.signal.aborted) log.warn({ err: error }, 'standard input broke');
    }
    this.#hasEnded = true;
    if (!this.#stopping.signal.aborted) log.info({}, 'standard input has ended');
  }

  async #take(frames: readonly { readonly bytes: Uint8Array }[]): Promise<void> {
    for (let index = 0; index < frames.length; index += BATCH) {
      const payloads = frames.slice(index, index + BATCH).map(({ bytes }) => this.#payloadOf(bytes));
      if (!(await this.#inlet.insist(payloads, this.#stopping.signal)))
        this.#world.log.warn({ lines: payloads.length }, 'lines of standard input are lost: the source stops');
    }
  }

  #payloadOf(bytes: Uint8Array): Payload {
    const text = Buffer.from(bytes).toString('utf8');
    if (bytes.length > this.#longest)
      return { kind: 'unreadable', raw: text, reason: `the line is longer than ${this.#longest} bytes` };
    return { kind: 'text', text: text.replace(/\r$/, '') };
  }
}
