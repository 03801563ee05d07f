import pc from 'picocolors';
import { printable } from '../base/frame.ts';

/** Who speaks in a story: a product, Backline, or people. */
export type Speaker = 'carbon black' | 'jatp' | 'skyatp' | 'srx' | 'backline' | 'soc-lead' | 'network' | (string & {});

export type Tone = 'good' | 'bad' | 'plain';

/** Says one thing that happened. A text of several lines stays together under its speaker. */
export type Tell = (speaker: Speaker, text: string, tone?: Tone) => void;

export interface ToldLine {
  /** Milliseconds. */
  readonly at: number;
  readonly speaker: string;
  readonly text: string;
  readonly tone: Tone;
}

/** As it stands on a terminal. What comes from events cannot move the cursor or recolour anything. */
export function formatLine({ at, speaker, text, tone }: ToldLine): string {
  const time = new Date(at).toISOString().slice(11, 19);
  const colour = tone === 'good' ? pc.green : tone === 'bad' ? pc.yellow : (plain: string) => plain;
  const [first = '', ...rest] = printable(text).trimEnd().split('\n');
  const head = `${pc.dim(time)}  ${pc.bold(printable(speaker).padEnd(WIDTH))}  ${colour(first)}`;
  const indent = ' '.repeat('00:00:00'.length + 2);
  return [head, ...rest.map(line => `${indent}${pc.dim('│'.padStart(WIDTH))}  ${line}`)].join('\n');
}

const WIDTH = 'carbon black'.length;
