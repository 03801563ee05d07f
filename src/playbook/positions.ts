import type { Position, Span } from '../base/span.ts';

/** Offsets into a text as lines and columns. Whatever is asked, the answer lies within the text. */
export class Positions {
  readonly #file: string;
  readonly #length: number;
  readonly #lineStarts = [0];

  constructor(file: string, text: string) {
    this.#file = file;
    this.#length = text.length;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) this.#lineStarts.push(end + 1);
  }

  span(start: number, end: number): Span {
    const from = clamp(start, 0, this.#length);
    return { file: this.#file, start: this.#position(from), end: this.#position(clamp(end, from, this.#length)) };
  }

  #position(offset: number): Position {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1, offset };
  }
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
