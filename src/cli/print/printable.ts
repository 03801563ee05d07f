import { printable } from '../../base/frame.ts';

/** A text from anybody, as one cell of a table: it cannot move a cursor, recolour a terminal or begin a line of its own. */
export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s*\n\s*/g, ' ⏎ ');
}

/** The same value with every text in it as one line. */
export function harmless<Value>(value: Value): Value {
  if (typeof value === 'string') return oneLine(value) as Value;
  if (Array.isArray(value)) return value.map(item => harmless(item as unknown)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, harmless(item as unknown)])) as Value;
}
