import { isDigit } from '../../formats/chars.ts';
import { MAX_LINE } from '../../formats/formats.ts';

/** One message of a stream, without its framing. */
export interface Frame {
  /** At most one byte more than a line may have, so that whoever reads it sees that it was cut. */
  readonly bytes: Uint8Array;
  /** False when the stream ended within it. */
  readonly isWhole: boolean;
}

type State =
  /** At the first byte of a frame; a few are held where they may be a count. */
  { readonly kind: 'between' } | { readonly kind: 'line' } | { readonly kind: 'counted'; readonly left: number };

const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const NOUGHT = 48;
const ANGLE = 60;
/** Digits; nobody means ten megabytes, and a wrong count swallows what follows it. */
const LONGEST_COUNT = 7;

/**
 * Takes the messages out of a stream (RFC 6587): `MSG-LEN SP MSG`, or MSG and a newline, each as it comes, since relays mix
 * them on one connection. A count is one when `<` follows, or when the connection counted before; a line may begin with a
 * number too. After a count that was wrong, it finds its way again at the next newline. A message that is too long is cut,
 * the rest of it passed over, and nothing is held that is longer than that.
 */
export class Framer {
  #state: State = { kind: 'between' };
  /** Grows with the longest message, so that one in a thousand chunks costs no more than one in one. */
  #held = new Uint8Array(1_024);
  #length = 0;
  #hasCounted = false;
  readonly #longest: number;

  /** Messages are cut at one byte more than this. */
  constructor(longest = MAX_LINE) {
    this.#longest = longest;
  }

  /** The messages that this chunk completes. */
  push(chunk: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let rest = this.#state.kind === 'between' && this.#length > 0 ? this.#rejoin(chunk) : chunk;
    while (rest.length > 0) {
      const taken = this.#step(rest, frames);
      if (taken === undefined) break;
      rest = rest.subarray(taken);
    }
    return frames;
  }

  /** What the stream left unfinished, if anything. Some senders end their last line with the connection. */
  end(): Frame[] {
    if (this.#length === 0) return [];
    return [this.#take(false)];
  }

  /** How many bytes it took; undefined when it holds them all and waits for more. */
  #step(bytes: Uint8Array, frames: Frame[]): number | undefined {
    const state = this.#state;
    switch (state.kind) {
      case 'between':
        return this.#begin(bytes);
      case 'line': {
        const newline = bytes.indexOf(NEWLINE);
        this.#keep(newline === -1 ? bytes : bytes.subarray(0, newline));
        if (newline === -1) return undefined;
        this.#finish(frames);
        return newline + 1;
      }
      case 'counted': {
        const taken = Math.min(state.left, bytes.length);
        this.#keep(bytes.subarray(0, taken));
        if (taken === state.left) this.#finish(frames);
        else this.#state = { kind: 'counted', left: state.left - taken };
        return taken;
      }
    }
  }

  #begin(bytes: Uint8Array): number | undefined {
    const count = readCount(bytes, this.#hasCounted);
    if (count === 'unsure') {
      this.#keep(bytes);
      return undefined;
    }
    if (count === undefined) {
      this.#state = { kind: 'line' };
      return 0;
    }
    this.#hasCounted = true;
    this.#state = { kind: 'counted', left: count.length };
    return count.taken;
  }

  /** What was held in doubt is read again, with more behind it. */
  #rejoin(chunk: Uint8Array): Uint8Array {
    const joined = Buffer.concat([this.#held.subarray(0, this.#length), chunk]);
    this.#length = 0;
    return joined;
  }

  #keep(bytes: Uint8Array): void {
    const kept = bytes.subarray(0, this.#longest + 1 - this.#length);
    const length = this.#length + kept.length;
    if (length > this.#held.length) this.#grow(length);
    this.#held.set(kept, this.#length);
    this.#length = length;
  }

  #grow(length: number): void {
    const held = new Uint8Array(Math.min(Math.max(length, this.#held.length * 2), this.#longest + 1));
    held.set(this.#held.subarray(0, this.#length));
    this.#held = held;
  }

  /** Empty lines are how some senders say that they are still there. */
  #finish(frames: Frame[]): void {
    const frame = this.#take(true);
    if (frame.bytes.some(byte => byte !== RETURN && byte !== BLANK && byte !== NEWLINE)) frames.push(frame);
  }

  #take(isWhole: boolean): Frame {
    const bytes = this.#held.slice(0, this.#length);
    this.#length = 0;
    this.#state = { kind: 'between' };
    return { bytes, isWhole };
  }
}

interface Count {
  readonly length: number;
  /** Digits and blank. */
  readonly taken: number;
}

/** MSG-LEN is a digit that is not nought, and more digits (RFC 6587, 3.4.1). */
function readCount(bytes: Uint8Array, hasCounted: boolean): Count | 'unsure' | undefined {
  let end = 0;
  let length = 0;
  for (; end <= LONGEST_COUNT && isDigit(bytes[end] ?? 0); end++) length = length * 10 + (bytes[end] ?? 0) - NOUGHT;
  if (end === 0 || end > LONGEST_COUNT || bytes[0] === NOUGHT) return undefined;
  if (end === bytes.length) return 'unsure';
  if (bytes[end] !== BLANK) return undefined;
  if (hasCounted || bytes[end + 1] === ANGLE) return { length, taken: end + 1 };
  return end + 1 === bytes.length ? 'unsure' : undefined;
}
