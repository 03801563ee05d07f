import { GRAM_LENGTH } from './witness.ts';

/** Triggers, by number, that have a witness in common. */
export interface Posting {
  readonly triggers: number[];
  /** The last event in which it was seen: a text that repeats itself is no more work than one that does not. */
  seenIn: number;
}

/** Postings by something that is looked up. */
export class Postings<Key> {
  readonly #postings = new Map<Key, Posting>();

  get size(): number {
    return this.#postings.size;
  }

  add(key: Key, trigger: number): void {
    const posting = this.#postings.get(key);
    if (posting === undefined) this.#postings.set(key, { triggers: [trigger], seenIn: 0 });
    else if (posting.triggers.at(-1) !== trigger) posting.triggers.push(trigger);
  }

  get(key: Key): Posting | undefined {
    return this.#postings.get(key);
  }
}

/** Postings by beginnings, or by ends, of a text. */
export class AnchorPostings {
  readonly #postings = new Postings<string>();
  readonly #lengths = new Set<number>();
  readonly #cut: (text: string, length: number) => string;

  constructor(cut: (text: string, length: number) => string) {
    this.#cut = cut;
  }

  add(anchor: string, trigger: number): void {
    this.#lengths.add(anchor.length);
    this.#postings.add(anchor, trigger);
  }

  find(text: string, found: (posting: Posting) => void): void {
    for (const length of this.#lengths) {
      const posting = length <= text.length ? this.#postings.get(this.#cut(text, length)) : undefined;
      if (posting !== undefined) found(posting);
    }
  }
}

/**
 * Postings by four characters anywhere in a text. Grams share 65,536 numbers; those that happen to have the same are
 * told apart when the condition is asked.
 */
export class GramPostings {
  readonly #postings = new Postings<number>();
  readonly #used = new Uint8Array(1 << 16);

  add(gram: string, trigger: number): void {
    let window = 0;
    for (let at = 0; at < GRAM_LENGTH; at++) window = slide(window, gram.charCodeAt(at));
    const number = numberOf(window);
    this.#used[number] = 1;
    this.#postings.add(number, trigger);
  }

  find(text: string, found: (posting: Posting) => void): void {
    if (this.#postings.size === 0) return;
    let window = 0;
    for (let at = 0; at < text.length; at++) {
      window = slide(window, text.charCodeAt(at));
      const number = numberOf(window);
      // Before the fourth character the window is no gram; what it finds by accident is asked in vain.
      if (this.#used[number] === 1) {
        const posting = this.#postings.get(number);
        if (posting !== undefined) found(posting);
      }
    }
  }
}

/** The low bytes of the last four characters. */
function slide(window: number, code: number): number {
  return (window << 8) | (code & 0xff);
}

function numberOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> 16;
}
