import { isDigit } from './chars.ts';

/** A place in a text that moves forward over what is expected, and stays where it is not there. */
export class Cursor {
  readonly text: string;
  at: number;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  /** Between `fewest` and `most` digits as a number, or undefined. */
  digits(fewest: number, most: number): number | undefined {
    let value = 0;
    let end = this.at;
    for (; end < this.at + most; end++) {
      const code = this.text.charCodeAt(end);
      if (!isDigit(code)) break;
      value = value * 10 + code - 48;
    }
    if (end - this.at < fewest) return undefined;
    this.at = end;
    return value;
  }
}
