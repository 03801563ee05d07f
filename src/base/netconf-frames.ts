/*
 * How messages are told apart on a NETCONF stream (RFC 6242): by an end mark, which every hello has and which base:1.0
 * keeps, or in chunks, once both sides have said base:1.1. Bytes are joined before they become text: a chunk may end in
 * the middle of a character.
 */

export type Framing = 'end-mark' | 'chunks';

const END = ']]>]]>';
/** Of a number of bytes, the lines around it included (RFC 6242, 4.2: at most 4294967295). */
const HEADER = 13;

/** The other side does not keep to the framing. */
export class FrameTrouble extends Error {
  override readonly name = 'FrameTrouble';
}

/** Throws where the message holds the end mark: then it would end there. No XML text can hold it unescaped. */
export function frame(message: string, framing: Framing): string {
  if (message.includes(END)) throw new Error('a message of NETCONF must not hold its own end mark');
  return framing === 'end-mark' ? `${message}${END}` : `\n#${Buffer.byteLength(message)}\n${message}\n##\n`;
}

/** Takes bytes as they come and gives whole messages. */
export class FrameReader {
  readonly #limit: number;
  #framing: Framing = 'end-mark';
  #waiting: Buffer = Buffer.alloc(0);
  /** Of a message in chunks that has not ended. */
  #chunks: Buffer[] = [];
  #size = 0;

  /** `limit`: bytes of one message. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** From the next message on; what has come already counts. */
  become(framing: Framing): void {
    this.#framing = framing;
  }

  push(bytes: Buffer): void {
    this.#waiting = this.#waiting.length === 0 ? bytes : Buffer.concat([this.#waiting, bytes]);
  }

  /** The next whole message, or undefined until more bytes came. Throws {@link FrameTrouble}. */
  next(): string | undefined {
    return this.#framing === 'end-mark' ? this.#toEndMark() : this.#toEndOfChunks();
  }

  #toEndMark(): string | undefined {
    const end = this.#waiting.indexOf(END);
    if (end > this.#limit || (end < 0 && this.#waiting.length > this.#limit + END.length)) throw this.#tooLarge();
    if (end < 0) return undefined;
    const message = this.#waiting.toString('utf8', 0, end);
    this.#waiting = this.#waiting.subarray(end + END.length);
    return message;
  }

  #toEndOfChunks(): string | undefined {
    for (;;) {
      const header = this.#header();
      if (header === undefined) return undefined;
      const { size, length } = header;
      if (size === 'end') {
        if (this.#chunks.length === 0) throw new FrameTrouble('a message of no chunks');
        const message = Buffer.concat(this.#chunks).toString('utf8');
        this.#chunks = [];
        this.#size = 0;
        this.#waiting = this.#waiting.subarray(length);
        return message;
      }
      if (this.#size + size > this.#limit) throw this.#tooLarge();
      if (this.#waiting.length < length + size) return undefined;
      this.#chunks.push(Buffer.from(this.#waiting.subarray(length, length + size)));
      this.#size += size;
      this.#waiting = this.#waiting.subarray(length + size);
    }
  }

  /** `\n#<size>\n`, or `\n##\n` at the end; undefined while it is not whole. */
  #header(): { readonly size: number | 'end'; readonly length: number } | undefined {
    const start = this.#waiting.toString('latin1', 0, HEADER);
    const whole = /^\n#(?:(#)|([1-9]\d{0,9}))\n/.exec(start);
    if (whole !== null) return { size: whole[1] === undefined ? Number(whole[2]) : 'end', length: whole[0].length };
    if (!/^(\n(#(#|[1-9]\d{0,9})?)?)?$/.test(start))
      throw new FrameTrouble('what should be the head of a chunk is none');
    return undefined;
  }

  #tooLarge(): FrameTrouble {
    return new FrameTrouble(`a message is larger than ${this.#limit} bytes`);
  }
}
