import { isObject } from '../base/json.ts';

const LEVELS: { readonly [level: number]: string } = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

/** A line of JSON as people read it: `2026-11-24T09:00:00.000Z warn  action will be retried  run=… reason=timeout`. */
export function textLine(line: string): string {
  const { time, level, message, ...facts }: { readonly [name: string]: unknown } = JSON.parse(line) as object & {
    [name: string]: unknown;
  };
  const word = LEVELS[Number(level)] ?? String(level);
  const shown = Object.entries(facts).map(([name, value]) => `${name}=${factText(name, value)}`);
  return [`${String(time)} ${word.padEnd(5)} ${printable(String(message ?? ''))}`, ...shown].join('  ');
}

function factText(name: string, value: unknown): string {
  // A fault is read with its stack, which has lines of its own.
  if (name === 'err' && isObject(value))
    return printable(String(value['stack'] ?? value['message'])).replaceAll('\\u000a', '\n');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[^\s"=]+$/.test(text) ? printable(text) : printable(JSON.stringify(text));
}

/** Text from outside cannot move the cursor or recolour the terminal. */
function printable(text: string): string {
  return text.replaceAll(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\u0000-\u001F\u007F-\u009F\u200E\u200F\u202A-\u202E\u2066-\u2069]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
