import { skipBlanks } from './chars.ts';
import { Cursor } from './cursor.ts';
import type { Problems } from './problems.ts';
import { SYSLOG_SEVERITIES } from './severity.ts';

/** What stands in `<…>` before a message. */
export interface Priority {
  readonly end: number;
  readonly facility: number | undefined;
  readonly severity: number | undefined;
}

/**
 * `<134>` is facility 16, severity 6 (RFC 5424, 6.2.1); a blank may follow. Carbon Black's templates are documented with the
 * word instead: `<warning>`.
 */
export function readPriority(text: string, at: number, problems: Problems): Priority | undefined {
  if (text[at] !== '<') return undefined;
  const cursor = new Cursor(text, at + 1);
  const value = cursor.digits(1, 4);
  if (value === undefined) return readWord(text, at);
  if (!cursor.take('>')) return undefined;
  const end = skipBlanks(text, cursor.at);
  if (value <= 191) return { end, facility: value >> 3, severity: value & 7 };
  problems.add('bad-priority');
  return { end, facility: undefined, severity: undefined };
}

function readWord(text: string, at: number): Priority | undefined {
  // No word is longer than `emergency`.
  const word = text.slice(at + 1, at + 11);
  const close = word.indexOf('>');
  const severity = close === -1 ? undefined : SYSLOG_SEVERITIES.get(word.slice(0, close).toLowerCase());
  if (severity === undefined) return undefined;
  return { end: skipBlanks(text, at + close + 2), facility: undefined, severity };
}
