import { text as textOf } from 'node:stream/consumers';
import type { ColorChoice, Paint } from './print/painter.ts';
import { painter, wantsColor } from './print/painter.ts';

/** Where a command speaks. Data goes to stdout, so that it can be piped; talk goes to stderr. */
export interface Terminal {
  /** Data, with a line end. */
  print(text: string): void;
  /** Talk that `--quiet` leaves out. */
  say(text: string): void;
  /** What must be said in any case. */
  complain(text: string): void;
  /** Data that came in from a pipe or a file. */
  readInput(): Promise<string>;
  /** For what is printed. */
  readonly paint: Paint;
  /** For what is said. */
  readonly talk: Paint;
  /** Whether a passing line of progress may be shown. */
  readonly showsProgress: boolean;
}

export interface TerminalOptions {
  readonly color: ColorChoice;
  readonly isQuiet: boolean;
}

/** The terminal of this process. */
export function processTerminal({ color, isQuiet }: TerminalOptions): Terminal {
  const { stdin, stdout, stderr, env } = process;
  return {
    print: text => void stdout.write(`${text}\n`),
    say: text => void (isQuiet || stderr.write(`${text}\n`)),
    complain: text => void stderr.write(`${text}\n`),
    readInput: () => textOf(stdin),
    paint: painter(wantsColor(color, env, stdout.isTTY)),
    talk: painter(wantsColor(color, env, stderr.isTTY)),
    showsProgress: stderr.isTTY && !isQuiet,
  };
}
