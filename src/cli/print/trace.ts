import type { Evidence, Trace } from '../../expr/evidence.ts';
import type { Paint } from './painter.ts';

/** `true`, `false`, or that it could not be decided. */
export function resultOf(result: Evidence): string {
  if (result.state !== 'value') return 'undecided';
  return typeof result.value === 'boolean' ? String(result.value) : clipped(JSON.stringify(result.value));
}

export function paintedResult(result: Evidence, paint: Paint): string {
  const text = resultOf(result);
  if (text === 'true') return paint.good(text);
  return text === 'undecided' ? paint.doubt(text) : text;
}

/** With values in place of names, where that says more than the text itself. */
export function shownOf({ text, shown, parts }: Trace): string {
  return parts.length > 0 || shown === text ? '' : clipped(shown);
}

/** A list can be of any length, and a row has to be read. */
const LONGEST = 80;

function clipped(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`;
}
